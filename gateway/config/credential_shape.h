#pragma once

#include <QStringView>

namespace delta::config {

/// Says whether a text has the shape of a key or token, so that no message may repeat it, whatever
/// it was meant for: the prefix that providers give their keys, or many letters and digits in one
/// word.
[[nodiscard]] bool looksLikeCredential(QStringView text);

} // namespace delta::config
