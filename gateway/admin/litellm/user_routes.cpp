#include "gateway/admin/litellm/user_routes.h"

#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/key_fields.h"
#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/litellm/team_routes.h"
#include "gateway/admin/litellm/worked_out.h"
#include "gateway/admin/query_values.h"

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr std::array roles{RoleRow{"proxy_admin"_L1, "platform_admin"_L1},
                           RoleRow{"proxy_admin_viewer"_L1, "platform_viewer"_L1},
                           RoleRow{"internal_user"_L1, "none"_L1},
                           RoleRow{"internal_user_viewer"_L1, "none"_L1}};

Result<QJsonValue> takeUserRole(const QJsonValue &value, const QString &field)
{
    return takeRole(roles, value, field);
}

QJsonValue showUserRole(const QJsonValue &value)
{
    return showRole(roles, value);
}

/// Addresses are in lower case here.
Result<QJsonValue> takeEmail(const QJsonValue &value, const QString &)
{
    return value.isString() ? QJsonValue(value.toString().toLower()) : value;
}

constexpr std::array ownFields{
    FieldRow{.theirs = "user_id"_L1, .ours = "user_id"_L1},
    FieldRow{.theirs = "user_email"_L1, .ours = "email"_L1, .take = takeEmail},
    FieldRow{.theirs = "user_alias"_L1, .ours = "name"_L1},
    FieldRow{
        .theirs = "user_role"_L1, .ours = "role"_L1, .take = takeUserRole, .show = showUserRole},
    FieldRow{.theirs = "models"_L1, .ours = "models"_L1, .take = takeModels},
    FieldRow{.theirs = "metadata"_L1, .ours = "metadata"_L1},
    shown("blocked"_L1, "blocked"_L1),
    shown("key_count"_L1, "key_count"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("aliases"_L1),
    idle("config"_L1),
    idle("permissions"_L1),
    idle("allowed_cache_controls"_L1),
    idle("sso_user_id"_L1),
    idle("send_invite_email"_L1),
    idle("model_rpm_limit"_L1),
    idle("model_tpm_limit"_L1),
};
constexpr auto userFields = joined(joined(ownFields, governanceFields), idleFields);

const Kind &userKind()
{
    static const Kind kind{
        .path = "/ui/api/users"_ba, .parameter = "{user_id}"_ba, .fields = userFields};
    return kind;
}

constexpr auto idField = "user_id"_L1;

QStringList teamIdsOf(const QJsonObject &ours)
{
    QStringList ids;
    for (const auto &team : ours.value("teams"_L1).toArray()) {
        ids.append(team["team_id"_L1].toString());
    }
    return ids;
}

QJsonObject shownUser(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject user = toTheirs(userFields, ours);
    user.insert("budget_reset_at"_L1, budgetResetAt(ours, steps.now()));
    user.insert("teams"_L1, QJsonArray::fromStringList(teamIdsOf(ours)));
    return user;
}

Result<QJsonObject> wholeUser(const Steps &steps, const AdminCall &call, const QString &id)
{
    TRY(const QJsonObject ours, Resource(steps, userKind()).show(call, id));
    return withSpend(steps, call, "user"_L1, idField, shownUser(steps, ours));
}

/// What a request for a user says beside the user.
struct Surroundings {
    bool hasKey = true; ///< LiteLLM makes one unless it is told not to.
    QJsonObject key;    ///< A body of ours, but for the owner.
    QStringList teams;
};

Result<Surroundings> takeSurroundings(const Steps &steps, QJsonObject &request)
{
    Surroundings found;
    TRY(const std::optional<bool> hasKey, takeFlag(request, "auto_create_key"_L1));
    found.hasKey = hasKey.value_or(true);
    TRY(const QString name, takeOptionalText(request, "key_alias"_L1));
    TRY(const QJsonValue expiry, takeExpiry(steps, request));
    if (!name.isEmpty()) {
        found.key.insert("name"_L1, name);
    }
    if (!expiry.isNull()) {
        found.key.insert("expires_at"_L1, expiry);
    }
    if (const QJsonValue teams = request.value("teams"_L1);
        teams.isArray() && !teams.toArray().isEmpty()) {
        TRY(found.teams, takeNames(request, "teams"_L1));
    } else if (teams.isNull() || teams.isUndefined() || teams.isArray()) {
        request.remove("teams"_L1);
    }
    return found;
}

Result<void> joinTeams(const Steps &steps, const AdminCall &call, const QString &userId,
                       const QStringList &teams)
{
    for (const QString &team : teams) {
        TRY_VOID(steps.ask(call,
                           {.method = "POST",
                            .pattern = "/ui/api/teams/{team_id}/members",
                            .path = {team.toUtf8()},
                            .body = {{idField, userId}, {"role"_L1, u"team_member"_s}}}));
    }
    return {};
}

Result<Answer> create(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(Surroundings around, takeSurroundings(steps, request));
    return steps.together([&]() -> Result<Answer> {
        TRY(const QJsonObject made, Resource(steps, userKind()).make(call, request));
        const QString id = made.value(idField).toString();
        TRY_VOID(joinTeams(steps, call, id, around.teams));
        TRY(QJsonObject user, wholeUser(steps, call, id));
        QJsonObject key;
        if (around.hasKey) {
            around.key.insert(idField, id);
            TRY(key,
                steps.ask(call, {.method = "POST", .pattern = keyKind().path, .body = around.key},
                          keyKind().fields, call.body));
        }
        for (const auto &[theirs, ours] : {std::pair{"key"_L1, "key"_L1},
                                           {"token"_L1, "key_id"_L1},
                                           {"key_alias"_L1, "name"_L1},
                                           {"expires"_L1, "expires_at"_L1}}) {
            const QJsonValue value = key.value(ours);
            user.insert(theirs, value.isUndefined() ? QJsonValue() : value);
        }
        return jsonAnswer(user);
    });
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    QString id;
    if (request.value(idField).isUndefined()) {
        QJsonObject member{{"user_email"_L1, request.take("user_email"_L1)}};
        TRY(id, takeUser(steps, call, member, {}));
    } else {
        TRY(id, takeText(request, idField));
    }
    TRY(const std::optional<bool> isBlocked, takeFlag(request, "blocked"_L1));
    const Resource users(steps, userKind());
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(users.change(call, id, request));
        if (isBlocked) {
            TRY_VOID(users.setBlocked(call, id, *isBlocked));
        }
        TRY(const QJsonObject user, wholeUser(steps, call, id));
        return jsonAnswer(QJsonObject{{idField, id}, {"data"_L1, user}});
    });
}

/// Answers with their number.
Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(QStringList ids, takeNames(request, "user_ids"_L1));
    ids.removeDuplicates();
    TRY_VOID(checkRest(request, {u"user_ids"_s}));
    return steps.together([&]() -> Result<Answer> {
        for (const QString &id : std::as_const(ids)) {
            TRY_VOID(removeWithKeys(steps, call, Resource(steps, userKind()), {idField, id}));
        }
        return jsonAnswer(QByteArray::number(ids.size()));
    });
}

/// Returns the teams that the caller may see, at most a hundred.
Result<QJsonArray> teamsOf(const Steps &steps, const AdminCall &call, const QString &id)
{
    const Resource resource(steps, teamKind());
    const auto page = resource.list(call, {}, queryOf(idField, id));
    if (!page && page.error().kind == ErrorKind::PermissionDenied) {
        return QJsonArray();
    }
    TRY(const CountedPage found, page);
    QJsonArray teams;
    for (const auto &team : found.items) {
        teams.append(resource.shown(team.toObject()));
    }
    return teams;
}

/// Who asks for nobody asks for themselves.
Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    TRY_VOID(checkNames(call.query, std::array{idField}));
    QString id = call.query.queryItemValue(idField, QUrl::FullyDecoded);
    if (id.isEmpty() && call.caller.kind == CallerKind::User) {
        id = call.caller.id;
    }
    if (id.isEmpty()) {
        return wrongParameter(idField, u"must be given"_s);
    }
    TRY(const QJsonObject user, wholeUser(steps, call, id));
    TRY(const QJsonArray keys, keysOf(steps, call, {idField, id}));
    TRY(const QJsonArray teams, teamsOf(steps, call, id));
    return jsonAnswer(
        QJsonObject{{idField, id}, {"user_info"_L1, user}, {"keys"_L1, keys}, {"teams"_L1, teams}});
}

Result<Answer> list(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"role"_L1, "user_email"_L1, "team"_L1, "page"_L1,
                                      "page_size"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const PageWish wish, readPage(call.query, "page_size"_L1, 25));
    QUrlQuery filters;
    for (const auto &[theirs, ours] :
         {std::pair{"user_email"_L1, "q"_L1}, {"team"_L1, "team_id"_L1}}) {
        if (const QString value = call.query.queryItemValue(theirs); !value.isEmpty()) {
            filters.addQueryItem(ours, value);
        }
    }
    if (const QString role = call.query.queryItemValue(u"role"_s); !role.isEmpty()) {
        TRY(const QJsonValue ours, takeRole(roles, role, u"role"_s));
        filters.addQueryItem(u"role"_s, ours.toString());
    }
    TRY(const CountedPage page, Resource(steps, userKind()).list(call, wish, filters));
    QJsonArray users;
    for (const auto &ours : page.items) {
        users.append(shownUser(steps, ours.toObject()));
    }
    TRY(users, withSpend(steps, call, "user"_L1, idField, users));
    return jsonAnswer(QJsonObject{{"users"_L1, users},
                                  {"total"_L1, page.total},
                                  {"page"_L1, wish.page},
                                  {"page_size"_L1, wish.size},
                                  {"total_pages"_L1, page.pages()}});
}

} // namespace

std::vector<AdminRoute> userRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/user/new", create},
                     {"POST", "/user/update", update},
                     {"POST", "/user/delete", remove},
                     {"GET", "/user/info", info},
                     {"GET", "/user/list", list}});
}

} // namespace delta::admin::litellm
