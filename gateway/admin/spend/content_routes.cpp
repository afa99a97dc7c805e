#include "gateway/admin/spend/content_routes.h"

#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/spend/call_routes.h"
#include "gateway/content/stored_content.h"
#include "shared/json/value_codec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// Returns JSON as it was, or as a text where its end is missing.
QJsonValue valueOf(const QByteArray &json)
{
    if (json.isEmpty()) {
        return QJsonValue::Null;
    }
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (document.isNull()) {
        return QString::fromUtf8(json);
    }
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

QJsonObject contentJson(const store::LoggedCall &call, const content::StoredContent &content)
{
    return {{"call_id"_L1, QString::number(call.id)},
            {"request_id"_L1, QString::fromUtf8(call.entry.requestId)},
            {"started_at"_L1, JsonCodec<WallTime>::encode(call.entry.startedAt)},
            {"request"_L1, valueOf(content.request)},
            {"request_truncated"_L1, content.isRequestCut},
            {"response"_L1, valueOf(content.answer)},
            {"response_truncated"_L1, content.isAnswerCut}};
}

Result<QByteArray> sealedOf(store::ControlTables &tables, qint64 callId)
{
    TRY(const std::optional<QByteArray> sealed, tables.contents.find(callId));
    if (!sealed) {
        return failure(ApiError::notFound(
            u"What this call asked and was answered is not kept: neither its key nor its "
            "organisation wanted that when it was made, or it is older than "
            "general_settings.store_content_retention, was erased, or there was no room for it."_s,
            u"call_id"_s, u"content_not_found"_s));
    }
    return *sealed;
}

Result<void> recordReading(store::ControlTables &tables, const AdminCall &call,
                           const store::LoggedCall &read, WallTime now)
{
    const SpendEntry &entry = read.entry;
    return recordChange(tables, call,
                        {.action = u"call_content.read"_s,
                         .kind = u"call"_s,
                         .id = QString::number(read.id),
                         .name = QString::fromUtf8(entry.requestId),
                         .place = {.organizationId = QString::fromUtf8(entry.organizationId),
                                   .teamId = QString::fromUtf8(entry.teamId),
                                   .userId = {},
                                   .serviceAccountId = {}},
                         .before = {},
                         .after = {},
                         .reason = {}},
                        now);
}

/// Nobody reads without a record: both are done in one transaction.
Result<Answer> show(const ControlRoom &room, ports::Sealer &sealer, const AdminCall &call)
{
    TRY(const store::LoggedCall found, findCall(room, call, Permission::ContentManage));
    QByteArray sealed;
    TRY_VOID(room.store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(sealed, sealedOf(tables, found.id));
        return recordReading(tables, call, found, room.clock.wall());
    }));
    TRY(const Secret opened, sealer.open(sealed, content::contentContext(found.id)));
    TRY(const content::StoredContent content, content::unpacked(opened.reveal()));
    return jsonAnswer(contentJson(found, content));
}

} // namespace

std::vector<AdminRoute> contentRoutes(const ControlRoom &room, ports::Sealer &sealer)
{
    return {{"GET", "/ui/api/spend/logs/{call_id}/content",
             [&room, &sealer](const AdminCall &call) { return show(room, sealer, call); }}};
}

} // namespace delta::admin
