#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QString>
#include <QStringList>

namespace delta {

/// How many tags a call may have, those of its key included.
inline constexpr qsizetype maxTags = 10;
/// How many bytes they may have together, one between each.
inline constexpr qsizetype maxTagBytes = 255;

/// Adds a tag to a list, which is a text with a line break between each: what a record of a call holds. White
/// space around it goes, and one that is there already changes nothing.
/// Errors: InvalidRequest naming `param` if the tag is empty or holds control characters, or if the list grows
/// too long.
[[nodiscard]] Result<void> addTag(QByteArray &list, QByteArrayView tag, const QString &param);

/// Adds all tags of another such text, or those between the commas of a header field.
[[nodiscard]] Result<void> addTags(QByteArray &list, const QByteArray &tags, char separator,
                                   const QString &param);

/// Returns the tags of a list.
[[nodiscard]] QByteArrayList tagsOf(const QByteArray &list);

/// Makes a list of texts. Errors: as addTag().
[[nodiscard]] Result<QByteArray> tagList(const QStringList &tags, const QString &param);

} // namespace delta
