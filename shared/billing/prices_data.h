#pragma once

#include <QByteArray>

namespace delta {

/// Returns the text of prices.json, which the build turns into a source file.
/// A Qt resource would have to be initialised by each program that links this static library.
[[nodiscard]] QByteArray pricesJson();

} // namespace delta
