#include "shared/models/metadata.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qsizetype mostBytes = 16 * 1024;

} // namespace

Result<void> checkMetadata(const QJsonObject &metadata, const QString &path)
{
    const QByteArray text = QJsonDocument(metadata).toJson(QJsonDocument::Compact);
    if (text.size() > mostBytes) {
        return failure(ApiError::invalidRequest(
            u"'%1' may have at most %2 bytes of JSON; it has %3."_s.arg(path).arg(mostBytes).arg(
                text.size()),
            path));
    }
    if (text.contains("\\u0000")) {
        return failure(
            ApiError::invalidRequest(u"'%1' must not hold a NUL character."_s.arg(path), path));
    }
    return {};
}

} // namespace delta
