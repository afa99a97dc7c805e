#include "gateway/admin/access/places.h"
#include "gateway/admin/resources/keys.h"
#include "gateway/auth/key_format.h"

#include <QJsonArray>

#include <algorithm>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

constexpr std::chrono::seconds usualOverlap = std::chrono::hours(24);
constexpr std::chrono::seconds longestOverlap = std::chrono::days(30);
constexpr qsizetype mostKeys = 200;

/// The body of a rotation.
struct RotationWish {
    std::optional<qint64> overlapSeconds; ///< Zero: the text before ends at once.

    static constexpr auto fields()
    {
        return std::tuple{field("overlap_seconds"_L1, &RotationWish::overlapSeconds)};
    }
};

/// The body of a command for many keys.
struct BulkWish {
    QString action;
    QStringList keyIds;
    std::optional<WallTime> expiresAt; ///< With `extend`.
    QString reason;                    ///< With `block`.

    static constexpr auto fields()
    {
        return std::tuple{
            field("action"_L1, &BulkWish::action), field("key_ids"_L1, &BulkWish::keyIds),
            field("expires_at"_L1, &BulkWish::expiresAt), field("reason"_L1, &BulkWish::reason)};
    }
};

Result<std::chrono::seconds> readOverlap(const QJsonObject &body)
{
    TRY(const RotationWish wish, fromJson<RotationWish>(body));
    const std::chrono::seconds overlap(wish.overlapSeconds.value_or(usualOverlap.count()));
    if (overlap < std::chrono::seconds(0) || overlap > longestOverlap) {
        return failure(ApiError::invalidRequest(
            u"'overlap_seconds' must be from 0 to %1."_s.arg(longestOverlap.count()),
            u"overlap_seconds"_s));
    }
    return overlap;
}

Result<BulkWish> readBulk(const QJsonObject &body)
{
    static const QStringList actions{u"block"_s, u"unblock"_s, u"extend"_s, u"delete"_s};
    TRY(BulkWish wish, fromJson<BulkWish>(body));
    if (!actions.contains(wish.action)) {
        return failure(ApiError::invalidRequest(
            u"'action' must be one of: %1."_s.arg(actions.join(u", "_s)), u"action"_s));
    }
    if (wish.keyIds.isEmpty() || wish.keyIds.size() > mostKeys) {
        return failure(ApiError::invalidRequest(
            u"'key_ids' must name 1 to %1 keys."_s.arg(mostKeys), u"key_ids"_s));
    }
    if ((wish.action == u"extend"_s) != body.contains("expires_at"_L1)) {
        return failure(ApiError::invalidRequest(
            u"'expires_at' goes with the action 'extend', and only with that; null is never."_s,
            u"expires_at"_s));
    }
    wish.keyIds.removeDuplicates();
    return wish;
}

/// What a command means for one key, as the body of its own route.
QJsonObject bodyOf(const BulkWish &wish)
{
    if (wish.action == u"extend"_s) {
        return {{"expires_at"_L1, JsonCodec<std::optional<WallTime>>::encode(wish.expiresAt)}};
    }
    return wish.action == u"block"_s && !wish.reason.isEmpty()
        ? QJsonObject{{"reason"_L1, wish.reason}}
        : QJsonObject();
}

QJsonObject outcomeOf(const QString &id, const Result<void> &done)
{
    return {{"key_id"_L1, id},
            {"ok"_L1, done.has_value()},
            {"error"_L1, done ? QJsonValue() : QJsonValue(done.error().message)}};
}

} // namespace

std::vector<AdminRoute> KeyCommands::routes()
{
    return {
        {"POST", "/ui/api/keys/bulk", [this](const AdminCall &call) { return changeMany(call); }},
        {"POST", "/ui/api/keys/{key_id}/rotate",
         [this](const AdminCall &call) { return rotate(call); }},
        {"POST", "/ui/api/keys/{key_id}/end-overlap",
         [this](const AdminCall &call) { return endOverlap(call); }}};
}

template <typename Work>
Result<Answer> KeyCommands::changing(const Work &work)
{
    Answer answer;
    TRY_VOID(m_room.room.store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(answer, work(tables));
        return {};
    }));
    m_room.room.refresh();
    return answer;
}

Result<Answer> KeyCommands::rotate(const AdminCall &call)
{
    TRY(const std::chrono::seconds overlap, readOverlap(call.body));
    return changing([&](store::ControlTables &tables) -> Result<Answer> {
        TRY(std::optional<Answer> earlier, m_room.room.idempotency.find(tables, call));
        if (earlier) {
            return *std::move(earlier);
        }
        TRY(ManagedKey key, m_keys.find(tables, call));
        TRY_VOID(checkRevision(call.request, key.stamp.revision));
        TRY(const QJsonObject before, m_keys.describe(tables, key));
        const auth::IssuedKey issued = auth::issueKey(m_room.room.random);
        const auth::KeyMac mac = m_room.pepper.mac(issued.text.reveal());
        const WallTime now = m_room.room.clock.wall();
        key.hint = QString::fromLatin1(issued.text.hint());
        TRY_VOID(tables.keyTables.rotate(
            key.id,
            {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())},
            key.hint, now,
            overlap.count() == 0 ? std::nullopt : std::optional(WallTime(now + overlap))));
        TRY_VOID(m_keys.write(tables, key));
        TRY(QJsonObject shown, m_keys.describe(tables, key));
        TRY_VOID(m_keys.record(tables, call, "rotate", key, before, shown));
        shown.insert("key"_L1, QString::fromLatin1(issued.text.reveal()));
        const Answer answer = withRevision(jsonAnswer(shown), key.stamp.revision);
        TRY_VOID(m_room.room.idempotency.keep(tables, call, answer));
        return answer;
    });
}

Result<Answer> KeyCommands::endOverlap(const AdminCall &call)
{
    return changing([&](store::ControlTables &tables) -> Result<Answer> {
        TRY(ManagedKey key, m_keys.find(tables, call));
        TRY_VOID(checkRevision(call.request, key.stamp.revision));
        TRY(const QJsonObject before, m_keys.describe(tables, key));
        if (!before.value("rotation"_L1).isNull()) {
            TRY_VOID(tables.keyTables.endRotation(key.id));
            TRY_VOID(m_keys.write(tables, key));
            TRY(const QJsonObject after, m_keys.describe(tables, key));
            TRY_VOID(m_keys.record(tables, call, "end_overlap", key, before, after));
        }
        TRY(const QJsonObject shown, m_keys.describe(tables, key));
        return withRevision(jsonAnswer(shown), key.stamp.revision);
    });
}

/// Each key is a change of its own: what cannot be done to one does not keep the others from it.
Result<Answer> KeyCommands::changeMany(const AdminCall &call)
{
    TRY(const BulkWish wish, readBulk(call.body));
    QJsonArray results;
    qsizetype done = 0;
    for (const QString &id : std::as_const(wish.keyIds)) {
        const AdminCall one{call.request, call.caller, {id.toUtf8()}, {}, bodyOf(wish)};
        const Result<void> outcome = changeOne(one, wish.action);
        done += outcome ? 1 : 0;
        results.append(outcomeOf(id, outcome));
    }
    return jsonAnswer(QJsonObject{
        {"results"_L1, results}, {"done"_L1, done}, {"failed"_L1, wish.keyIds.size() - done}});
}

Result<void> KeyCommands::changeOne(const AdminCall &call, const QString &action)
{
    std::optional<std::vector<Placement>> places;
    TRY_VOID(m_room.room.store.look([&](store::ControlTables &tables) -> Result<void> {
        TRY(places, placesOf(tables, Place::Key, call.pathText(0)));
        return {};
    }));
    const auto may = [&](Permission permission) {
        return places && std::ranges::any_of(*places, [&](const Placement &place) {
                   return call.caller.may(permission, place);
               });
    };
    if (!may(Permission::KeyUpdate)) {
        return failure(ApiError::notFound(u"There is no such key, or you may not change it."_s,
                                          u"key_id"_s, u"key_not_found"_s));
    }
    const bool loosens = action == u"extend"_s || action == u"unblock"_s;
    if (loosens && !may(Permission::KeyLimits)) {
        return failure(ApiError::permissionDenied(
            u"This takes the permission '%1', which your roles do not give you here."_s.arg(
                enumName(Permission::KeyLimits))));
    }
    const auto answer = action == u"delete"_s ? m_keys.remove(call)
        : action == u"extend"_s               ? m_keys.change(call)
        : action == u"block"_s                ? m_keys.block(call)
                                              : m_keys.unblock(call);
    return answer.transform([](const Answer &) { });
}

} // namespace delta::admin
