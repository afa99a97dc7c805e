#include "gateway/admin/contract/revision.h"

#include <QByteArrayList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// Returns the tags of a list such as `"7", W/"8"`, trimmed.
QByteArrayList tagsOf(QByteArrayView list)
{
    QByteArrayList tags = list.toByteArray().split(',');
    for (QByteArray &tag : tags) {
        tag = tag.trimmed();
    }
    return tags;
}

bool isTag(QByteArrayView tag)
{
    return tag.size() >= 2 && tag.startsWith('"') && tag.endsWith('"');
}

} // namespace

QByteArray revisionTag(qint64 revision)
{
    return '"' + QByteArray::number(revision) + '"';
}

Result<void> checkRevision(const ports::HttpRequest &request, qint64 revision)
{
    const auto wanted = request.header("if-match");
    if (!wanted || *wanted == "*") {
        return {};
    }
    const QByteArrayList tags = tagsOf(*wanted);
    if (!std::ranges::all_of(tags, isTag)) {
        return failure(ApiError::invalidRequest(
            u"'If-Match' must hold the ETag of the object with its quotes, such as \"7\"."_s,
            u"If-Match"_s));
    }
    if (!tags.contains(revisionTag(revision))) {
        return failure(ApiError::preconditionFailed(
            u"It was changed since you read it: its ETag is %1 now. Read it again and decide."_s
                .arg(QString::fromLatin1(revisionTag(revision)))));
    }
    return {};
}

bool isKnownRevision(const ports::HttpRequest &request, qint64 revision)
{
    const auto known = request.header("if-none-match");
    return known && (*known == "*" || tagsOf(*known).contains(revisionTag(revision)));
}

} // namespace delta::admin
