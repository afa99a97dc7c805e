#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/resources/alerts.h"
#include "gateway/admin/resources/read_only_list.h"

#include <optional>
#include <tuple>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

/// The body of a test.
struct TestWish {
    QStringList channels; ///< Empty: all that this gateway has.

    static constexpr auto fields()
    {
        return std::tuple{field("channels"_L1, &TestWish::channels)};
    }
};

Result<AlertOutcome> find(ControlTables &tables, const AdminCall &call)
{
    TRY(std::optional<AlertOutcome> found, tables.alertDeliveries.find({call.pathText(0)}));
    if (!found) {
        return failure(
            ApiError::notFound(u"There is no such delivery; they are kept for some days."_s,
                               u"delivery_id"_s, u"alert_delivery_not_found"_s));
    }
    return *std::move(found);
}

Result<Answer> show(const ControlRoom &room, const AdminCall &call)
{
    Answer answer;
    TRY_VOID(room.store.look([&](ControlTables &tables) -> Result<void> {
        TRY(const AlertOutcome found, find(tables, call));
        answer = jsonAnswer(toJson(found));
        return {};
    }));
    return answer;
}

Result<Answer> retry(const ControlRoom &room, ports::AlertDesk *desk, const AdminCall &call)
{
    Answer answer;
    TRY_VOID(room.store.change([&](ControlTables &tables) -> Result<void> {
        TRY(const AlertOutcome before, find(tables, call));
        const WallTime now = room.clock.wall();
        TRY(const bool wasGivenUp, tables.alerts.requeue(before.id, now));
        if (!wasGivenUp) {
            return failure(ApiError::conflict(
                u"Only a delivery that was given up can be tried again; this one is '%1'."_s.arg(
                    before.state)));
        }
        TRY(const AlertOutcome after, find(tables, call));
        answer = jsonAnswer(toJson(after));
        return recordChange(tables, call,
                            {.action = u"alert_delivery.retry"_s,
                             .kind = u"alert_delivery"_s,
                             .id = before.id,
                             .name = before.channel,
                             .place = {},
                             .before = {{"state"_L1, before.state}},
                             .after = {{"state"_L1, after.state}},
                             .reason = {}},
                            now);
    }));
    if (desk) {
        desk->wake();
    }
    return answer;
}

Result<QStringList> channelsOf(const AdminCall &call, const ports::AlertDesk *desk)
{
    TRY(const TestWish wish, fromJson<TestWish>(call.body));
    const QStringList there = desk ? desk->channels() : QStringList();
    if (there.isEmpty()) {
        return failure(ApiError::conflict(
            u"This gateway has no channel: set general_settings.alerts.webhook.url, slack.url or "
            "email.host in its configuration file."_s));
    }
    for (qsizetype i = 0; i < wish.channels.size(); ++i) {
        if (!there.contains(wish.channels[i])) {
            const QString path = u"channels[%1]"_s.arg(i);
            return failure(ApiError::invalidRequest(
                u"'%1' must be one of those that this gateway has: %2."_s.arg(path,
                                                                              there.join(u", "_s)),
                path));
        }
    }
    return wish.channels.isEmpty() ? there : wish.channels;
}

Result<Answer> test(const ControlRoom &room, ports::AlertDesk *desk, const AdminCall &call)
{
    TRY(const QStringList channels, channelsOf(call, desk));
    QString id;
    TRY_VOID(room.store.change([&](ControlTables &tables) -> Result<void> {
        TRY(id, desk->queueTest(channels));
        return recordChange(tables, call,
                            {.action = u"alert.test"_s,
                             .kind = u"alert"_s,
                             .id = id,
                             .name = channels.join(u", "_s),
                             .place = {},
                             .before = {},
                             .after = {},
                             .reason = {}},
                            room.clock.wall());
    }));
    desk->wake();
    return jsonAnswer(
        QJsonObject{{"alert_id"_L1, id}, {"channels"_L1, QJsonArray::fromStringList(channels)}},
        202);
}

} // namespace

std::vector<AdminRoute> alertRoutes(const ControlRoom &room, ports::AlertDesk *desk)
{
    const QByteArray all = "/ui/api/alert-deliveries"_ba;
    return {{"GET", all,
             [list = ReadOnlyList<AlertOutcome>{room, &ControlTables::alertDeliveries,
                                                Permission::ConfigRead, "alert-deliveries"_ba}](
                 const AdminCall &call) { return list.answer(call); }},
            {"GET", all + "/{delivery_id}",
             [&room](const AdminCall &call) { return show(room, call); }},
            {"POST", all + "/{delivery_id}/retry",
             [&room, desk](const AdminCall &call) { return retry(room, desk, call); }},
            {"POST", "/ui/api/alerts/test",
             [&room, desk](const AdminCall &call) { return test(room, desk, call); }}};
}

} // namespace delta::admin
