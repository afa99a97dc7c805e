#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

namespace delta::admin {

/// Returns a value as a cell of CSV (RFC 4180). Lists and objects stand there as JSON. A text that a spreadsheet would
/// take for a formula has an apostrophe before it, so that opening a file never runs what somebody wrote into a name.
[[nodiscard]] QByteArray csvCell(const QJsonValue &value);

/// Returns a line of names.
[[nodiscard]] QByteArray csvHead(const QStringList &columns);

/// Returns a line with these members of an object; what it does not have is empty.
[[nodiscard]] QByteArray csvLine(const QJsonObject &object, const QStringList &columns);

} // namespace delta::admin
