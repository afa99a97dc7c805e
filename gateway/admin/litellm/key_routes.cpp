#include "gateway/admin/litellm/key_routes.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/duration.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/admin/litellm/key_models.h"
#include "gateway/admin/litellm/key_names.h"
#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/query_values.h"

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

/// Names of keys, and where in a request they are.
struct NamedKeys {
    QLatin1StringView field;
    QStringList names;
};

/// Shows a key of ours as whole as its routes do.
Result<QJsonObject> wholeKey(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject key = shownKey(steps, ours);
    // What the gateway said before it said `token` and `key_name`.
    key.insert("id"_L1, ours.value("key_id"_L1));
    key.insert("key_hint"_L1, ours.value("key_hint"_L1));
    return withModelLimits(steps, key, ours.value("key_id"_L1).toString());
}

/// What a request for a key says beside its fields.
struct Surroundings {
    std::optional<bool> isBlocked;
    QJsonValue expiry;       ///< Null: none is set by a duration.
    QJsonObject modelLimits; ///< See takeModelMaps().
};

Result<Surroundings> takeSurroundings(const Steps &steps, QJsonObject &request)
{
    Surroundings found;
    TRY(found.isBlocked, takeFlag(request, "blocked"_L1));
    const bool hasBoth = request.value("duration"_L1).isString()
        && request.value("expires"_L1).isString();
    if (hasBoth) {
        return failure(ApiError::invalidRequest(
            u"'duration' and 'expires' both say when the key ends; send one of them."_s,
            u"duration"_s));
    }
    TRY(found.expiry, takeExpiry(steps, request));
    TRY(found.modelLimits, takeModelMaps(request));
    return found;
}

/// As LiteLLM does, a user that nobody knows yet is made with the first key, by who may make users.
Result<void> makeOwner(const Steps &steps, const AdminCall &call, const QJsonObject &request)
{
    const QString id = request.value("user_id"_L1).toString();
    if (id.isEmpty() || !call.caller.mayEverywhere(Permission::UserUpdate)) {
        return {};
    }
    const auto found = steps.ask(
        call, {.method = "GET", .pattern = "/ui/api/users/{user_id}", .path = {id.toUtf8()}});
    if (found || found.error().kind != ErrorKind::NotFound) {
        return found.transform([](const QJsonObject &) { });
    }
    return steps
        .ask(call, {.method = "POST", .pattern = "/ui/api/users", .body = {{"user_id"_L1, id}}})
        .transform([](const QJsonObject &) { });
}

Result<Answer> generate(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = withoutNulls(call.body);
    TRY(const Surroundings around, takeSurroundings(steps, request));
    const Resource keys(steps, keyKind());
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(makeOwner(steps, call, request));
        const QJsonObject expiry = around.expiry.isNull()
            ? QJsonObject()
            : QJsonObject{{"expires_at"_L1, around.expiry}};
        TRY(QJsonObject ours, keys.make(call, request, expiry));
        const QJsonValue text = ours.take("key"_L1);
        if (!around.modelLimits.isEmpty()) {
            TRY_VOID(setModelLimits(steps, call, ours, around.modelLimits));
        }
        if (around.isBlocked.value_or(false)) {
            TRY(ours, keys.setBlocked(call, ours.value("key_id"_L1).toString(), true));
        }
        TRY(QJsonObject key, wholeKey(steps, ours));
        key.insert("key"_L1, text);
        return jsonAnswer(key);
    });
}

/// Changes a key as a request wants it.
Result<QJsonObject> changed(const Steps &steps, const AdminCall &call, const QString &id,
                            QJsonObject request)
{
    TRY(const Surroundings around, takeSurroundings(steps, request));
    const Resource keys(steps, keyKind());
    if (!around.expiry.isNull()) {
        request.insert("expires"_L1, around.expiry);
    }
    TRY(QJsonObject ours, keys.change(call, id, request));
    if (!around.modelLimits.isEmpty()) {
        TRY_VOID(setModelLimits(steps, call, ours, around.modelLimits));
    }
    if (around.isBlocked) {
        TRY(ours, keys.setBlocked(call, id, *around.isBlocked));
    }
    return ours;
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const QString name, takeText(request, "key"_L1));
    return steps.together([&]() -> Result<Answer> {
        TRY(const QString id, keyIdOf(steps, name));
        TRY(const QJsonObject ours, byName(changed(steps, call, id, request), u"key"_s));
        TRY(QJsonObject key, wholeKey(steps, ours));
        key.insert("key"_L1, ours.value("key_id"_L1)); // Never the text that named it.
        return jsonAnswer(key);
    });
}

/// Finds the keys that a field of the request names, and which the caller may remove. A key may have been named before.
Result<void> findNamed(const Steps &steps, const AdminCall &call, const NamedKeys &keys,
                       QStringList &ids)
{
    for (qsizetype i = 0; i < keys.names.size(); ++i) {
        TRY(const QString id, keyIdOf(steps, keys.names[i]));
        TRY_VOID(byName(Resource(steps, keyKind()).admitRemoval(call, id),
                        u"%1[%2]"_s.arg(keys.field).arg(i)));
        if (!ids.contains(id)) {
            ids.append(id);
        }
    }
    return {};
}

Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = withoutNulls(call.body);
    NamedKeys byKey{"keys"_L1, {}};
    NamedKeys byAlias{"key_aliases"_L1, {}};
    // Keys may be named in one way only, but not in none.
    if (!request.value(byAlias.field).toArray().isEmpty()
        || request.value(byAlias.field).isObject()) {
        TRY(byAlias.names, takeNames(request, byAlias.field));
    }
    if (byAlias.names.isEmpty() || request.contains(byKey.field)) {
        TRY(byKey.names, takeNames(request, byKey.field));
    }
    request.remove(byAlias.field);
    TRY_VOID(checkRest(request, {QString(byKey.field), QString(byAlias.field)}));
    return steps.together([&]() -> Result<Answer> {
        QStringList ids;
        TRY_VOID(findNamed(steps, call, byKey, ids));
        TRY_VOID(findNamed(steps, call, byAlias, ids));
        for (const QString &id : std::as_const(ids)) {
            TRY_VOID(Resource(steps, keyKind()).remove(call, id));
        }
        return jsonAnswer(QJsonObject{{"deleted_keys"_L1, QJsonArray::fromStringList(ids)}});
    });
}

Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    static constexpr auto name = "key"_L1;
    TRY_VOID(checkNames(call.query, std::array{name}));
    TRY(const QString text, neededText(call.query, name));
    TRY(const QString id, keyIdOf(steps, text));
    TRY(const QJsonObject ours, byName(Resource(steps, keyKind()).show(call, id), QString(name)));
    TRY(const QJsonObject key, wholeKey(steps, ours));
    return jsonAnswer(QJsonObject{{name, ours.value("key_id"_L1)}, {"info"_L1, key}});
}

Result<QUrlQuery> filtersOf(const QUrlQuery &query)
{
    QUrlQuery filters;
    for (const auto &[theirs, ours] : {std::pair{"user_id"_L1, "user_id"_L1},
                                       {"team_id"_L1, "team_id"_L1},
                                       {"organization_id"_L1, "organization_id"_L1},
                                       {"key_alias"_L1, "q"_L1}}) {
        if (const QString value = query.queryItemValue(theirs); !value.isEmpty()) {
            filters.addQueryItem(ours, value);
        }
    }
    filters.addQueryItem(u"sort"_s, u"-created_at"_s);
    return filters;
}

/// Lists the ids of keys; whole ones with return_full_object=true.
Result<Answer> list(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"user_id"_L1,           "team_id"_L1, "organization_id"_L1,
                                      "key_alias"_L1,         "page"_L1,    "size"_L1,
                                      "return_full_object"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const PageWish wish, readPage(call.query, "size"_L1, 10));
    TRY(const QUrlQuery filters, filtersOf(call.query));
    const QString whole = call.query.queryItemValue(known.back()).toLower();
    if (!whole.isEmpty() && whole != "true"_L1 && whole != "false"_L1) {
        return wrongParameter(known.back(), u"must be true or false"_s);
    }
    TRY(const CountedPage page, Resource(steps, keyKind()).list(call, wish, filters));
    QJsonArray keys;
    for (const auto &ours : page.items) {
        keys.append(whole == "true"_L1 ? QJsonValue(shownKey(steps, ours.toObject()))
                                       : ours["key_id"_L1]);
    }
    return jsonAnswer(QJsonObject{{"keys"_L1, keys},
                                  {"total_count"_L1, page.total},
                                  {"current_page"_L1, wish.page},
                                  {"total_pages"_L1, page.pages()}});
}

Result<Answer> setBlocked(const Steps &steps, const AdminCall &call, bool isBlocked)
{
    QJsonObject request = call.body;
    TRY(const QString name, takeText(request, "key"_L1));
    TRY_VOID(checkRest(request, {u"key"_s}));
    TRY(const QString id, keyIdOf(steps, name));
    TRY(const QJsonObject ours,
        byName(Resource(steps, keyKind()).setBlocked(call, id, isBlocked), u"key"_s));
    TRY(const QJsonObject key, wholeKey(steps, ours));
    return jsonAnswer(key);
}

Result<Answer> block(const Steps &steps, const AdminCall &call)
{
    return setBlocked(steps, call, true);
}

Result<Answer> unblock(const Steps &steps, const AdminCall &call)
{
    return setBlocked(steps, call, false);
}

/// How long both texts are good; LiteLLM ends the former one at once if nobody says otherwise.
Result<qint64> takeOverlap(QJsonObject &request)
{
    TRY(const QString text, takeOptionalText(request, "grace_period"_L1));
    if (text.isEmpty()) {
        return 0;
    }
    TRY(const std::chrono::seconds overlap, readDuration(text, u"grace_period"_s));
    return overlap.count();
}

/// Changes a key on the way if the request says what.
Result<Answer> regenerate(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = withoutNulls(call.body);
    QString name = call.pathText(0);
    if (name.isEmpty()) {
        TRY(name, takeText(request, "key"_L1));
    }
    TRY(const qint64 overlap, takeOverlap(request));
    return steps.together([&]() -> Result<Answer> {
        TRY(const QString id, keyIdOf(steps, name));
        if (!request.isEmpty()) {
            TRY_VOID(byName(changed(steps, call, id, request), u"key"_s));
        }
        const Step rotation{.method = "POST",
                            .pattern = "/ui/api/keys/{key_id}/rotate",
                            .path = {id.toUtf8()},
                            .body = {{"overlap_seconds"_L1, overlap}}};
        TRY(QJsonObject ours, byName(steps.ask(call, rotation), u"key"_s));
        const QJsonValue text = ours.take("key"_L1);
        TRY(QJsonObject key, wholeKey(steps, ours));
        key.insert("key"_L1, text);
        return jsonAnswer(key);
    });
}

} // namespace

std::vector<AdminRoute> keyRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/key/generate", generate},
                     {"POST", "/key/update", update},
                     {"POST", "/key/delete", remove},
                     {"GET", "/key/info", info},
                     {"GET", "/key/list", list},
                     {"POST", "/key/block", block},
                     {"POST", "/key/unblock", unblock},
                     {"POST", "/key/regenerate", regenerate},
                     {"POST", "/key/{key}/regenerate", regenerate}});
}

} // namespace delta::admin::litellm
