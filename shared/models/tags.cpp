#include "shared/models/tags.h"

#include "shared/core/quoted.h"

#include <utility>

namespace delta {

using namespace Qt::StringLiterals;

Result<void> addTag(QByteArray &list, QByteArrayView tag, const QString &param)
{
    const QByteArray text = tag.trimmed().toByteArray();
    if (text.isEmpty() || hasUnprintable(QString::fromUtf8(text))) {
        return failure(ApiError::invalidRequest(
            u"A tag in '%1' must not be empty nor hold control characters or line breaks."_s.arg(
                param),
            param));
    }
    QByteArrayList tags = tagsOf(list);
    if (tags.contains(text)) {
        return {};
    }
    tags.append(text);
    QByteArray longer = tags.join('\n');
    if (tags.size() > maxTags || longer.size() > maxTagBytes) {
        return failure(ApiError::invalidRequest(
            u"A call may have %1 tags of %2 bytes together, those of its key included; '%3' makes it more."_s
                .arg(maxTags)
                .arg(maxTagBytes)
                .arg(param),
            param));
    }
    list = std::move(longer);
    return {};
}

Result<void> addTags(QByteArray &list, const QByteArray &tags, char separator, const QString &param)
{
    if (tags.trimmed().isEmpty()) {
        return {};
    }
    for (const QByteArray &tag : tags.split(separator)) {
        TRY_VOID(addTag(list, tag, param));
    }
    return {};
}

QByteArrayList tagsOf(const QByteArray &list)
{
    return list.isEmpty() ? QByteArrayList() : list.split('\n');
}

Result<QByteArray> tagList(const QStringList &tags, const QString &param)
{
    QByteArray list;
    for (const QString &tag : tags) {
        TRY_VOID(addTag(list, tag.toUtf8(), param));
    }
    return list;
}

} // namespace delta
