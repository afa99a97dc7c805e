#pragma once

#include <QString>

namespace delta::app {

/// Writes a line for the person or program that started us to standard output, at once.
void printLine(const QString &line);

/// Writes a line about a failure to standard error, at once.
void printError(const QString &line);

} // namespace delta::app
