#include "gateway/content/stored_content.h"

#include <QCborMap>
#include <QCborValue>
#include <QString>

namespace delta::content {

using namespace Qt::StringLiterals;

namespace {

/// The members of what is packed. They lie in databases: numbers are never given to anything else.
enum Member : qint64 { Request = 1, Answer = 2, RequestCut = 3, AnswerCut = 4 };

} // namespace

QByteArray packed(const StoredContent &content)
{
    const QCborMap map{{qint64(Request), content.request},
                       {qint64(Answer), content.answer},
                       {qint64(RequestCut), content.isRequestCut},
                       {qint64(AnswerCut), content.isAnswerCut}};
    return qCompress(QCborValue(map).toCbor());
}

Result<StoredContent> unpacked(const QByteArray &bytes)
{
    const QCborMap map = QCborValue::fromCbor(qUncompress(bytes)).toMap();
    if (!map.value(qint64(Request)).isByteArray()) {
        return failure(ApiError::storeUnavailable(u"What is kept of the call is damaged."_s));
    }
    return StoredContent{
        map.value(qint64(Request)).toByteArray(), map.value(qint64(Answer)).toByteArray(),
        map.value(qint64(RequestCut)).toBool(), map.value(qint64(AnswerCut)).toBool()};
}

QByteArray contentContext(qint64 callId)
{
    return "call_contents|" + QByteArray::number(callId);
}

} // namespace delta::content
