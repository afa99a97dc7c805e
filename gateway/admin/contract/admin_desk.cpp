#include "gateway/admin/contract/admin_desk.h"

#include "gateway/admin/access/field_table.h"
#include "gateway/admin/access/places.h"
#include "gateway/admin/api_job.h"
#include "gateway/admin/query_text.h"
#include "shared/core/quoted.h"

#include <QLoggingCategory>

#include <algorithm>
#include <exception>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Q_LOGGING_CATEGORY(lcAdmin, "delta.admin")

bool hasBody(QByteArrayView method)
{
    return method == "POST" || method == "PATCH" || method == "PUT" || method == "DELETE";
}

bool isJson(const ports::HttpRequest &request)
{
    const QByteArray type = request.header("content-type").value_or(QByteArrayView()).toByteArray();
    return type.split(';').front().trimmed().toLower() == "application/json";
}

/// A form of another site can send other types without being asked, but not JSON; nor a key, with which clients of
/// LiteLLM may call it what they like.
Result<QJsonObject> readBody(const AccessRow &access, const ports::HttpRequest &request)
{
    if (!hasBody(request.method) || request.body.trimmed().isEmpty()) {
        return QJsonObject();
    }
    const bool isAnyType = access.entry == Entry::Delegated && carriesCredential(request);
    if (!isAnyType && !isJson(request)) {
        return failure(ApiError::invalidRequest(
            u"The body must be JSON and say so: 'Content-Type: application/json'."_s,
            u"Content-Type"_s));
    }
    return readObject(request.body);
}

/// Checks that the caller may set each field of a body, of an object that is at one of these places.
Result<void> checkFields(const AccessRow &access, const AdminCall &call,
                         const std::vector<Placement> &places)
{
    if (access.object.isEmpty()) {
        return {};
    }
    for (const QString &name : call.body.keys()) {
        const std::optional<Permission> needed = fieldPermission(access.object, name);
        if (!needed) {
            return failure(ApiError::invalidRequest(
                u"%1 is no field that can be set here. These are: %2."_s.arg(
                    quoted(name), settableFields(access.object).join(", "_L1)),
                name.left(64)));
        }
        const bool isAllowed = std::ranges::any_of(
            places, [&](const Placement &place) { return call.caller.may(*needed, place); });
        if (!isAllowed) {
            ApiError error = ApiError::permissionDenied(
                u"'%1' may be set only by who may '%2' here."_s.arg(name, enumName(*needed)));
            error.param = name;
            return failure(std::move(error));
        }
    }
    return {};
}

ApiError notThere(Place place)
{
    const PlaceKind kind = kindOf(place);
    return ApiError::notFound(u"There is no such %1, or you may not see it."_s.arg(
                                  QString(kind.name).replace(u'_', u' ')),
                              kind.name + "_id"_L1, kind.name + "_not_found"_L1);
}

ApiError notAllowed(Permission permission)
{
    return ApiError::permissionDenied(
        u"This takes the permission '%1', which your roles do not give you here."_s.arg(
            enumName(permission)));
}

} // namespace

void AdminDesk::serve(const Errand &errand, const std::function<void(Answer)> &sink)
{
    const AnswerSink finish = [&route = errand.route, id = errand.request.id,
                               sink](Result<Answer> outcome) {
        if (outcome) {
            sink(*std::move(outcome));
            return;
        }
        if (!outcome.error().detail.isEmpty()) {
            qCWarning(lcAdmin, "%s %s: %ls", route.method.constData(), route.pattern.constData(),
                      qUtf16Printable(outcome.error().detail));
        }
        sink(route.refuse(outcome.error(), id));
    };
    if (auto begun = answer(errand, finish); !begun) {
        finish(failure(std::move(begun).error()));
    }
}

/// What is open to everybody is so also to who has a session that is over.
Result<FoundCaller> AdminDesk::callerFor(const AccessRow &access, const ports::HttpRequest &request)
{
    if (access.entry == Entry::Public) {
        return FoundCaller{};
    }
    auto found = m_parts.callers.find(request);
    const bool isOver = !found && found.error().kind == ErrorKind::LoginRequired;
    return access.entry == Entry::Anybody && isOver ? FoundCaller{} : found;
}

Result<void> AdminDesk::answer(const Errand &errand, const AnswerSink &sink)
{
    const auto &[route, access, request, path] = errand;
    TRY(const FoundCaller found, callerFor(access, request));
    const bool isOpen = access.entry == Entry::Public || access.entry == Entry::Anybody;
    if (!isOpen && found.caller.kind == CallerKind::Nobody) {
        return failure(ApiError::loginRequired());
    }
    TRY(const QJsonObject body, readBody(access, request));
    const AdminCall call{request, found.caller, path, readQuery(request.query),
                         body,    found.isFresh};
    if (auto admitted = admit(access, call); !admitted) {
        if (admitted.error().kind == ErrorKind::PermissionDenied) {
            m_denials.note(route, call, admitted.error(), placeOf(access, call));
        }
        return admitted;
    }
    if (route.later) {
        route.later(call, sink);
        return {};
    }
    auto made = route.handler(call);
    if (!made) {
        if (access.entry == Entry::Delegated) {
            m_denials.note(route, call, made.error(), {});
        }
        return failure(std::move(made).error());
    }
    sink(*std::move(made));
    return {};
}

Result<Caller> AdminDesk::recheck(const Errand &errand)
{
    const auto &[route, access, request, path] = errand;
    TRY(FoundCaller found, callerFor(access, request));
    if (found.caller.kind == CallerKind::Nobody) {
        return failure(ApiError::loginRequired());
    }
    TRY_VOID(
        admit(access, {request, found.caller, path, readQuery(request.query), {}, found.isFresh}));
    return std::move(found).caller;
}

Result<Answer> AdminDesk::ask(const AdminRoute &route, const AdminCall &call)
{
    TRY_VOID(admit(*accessRow(route.method, route.pattern), call));
    return route.handler(call);
}

Result<void> AdminDesk::admit(const AccessRow &access, const AdminCall &call)
{
    if (access.entry == Entry::Permitted) {
        TRY_VOID(permit(access, call));
    }
    return access.stepUp == StepUp::Needed && !call.isFresh ? failure(ApiError::stepUpRequired())
                                                            : Result<void>();
}

/// What the caller may not see is not there for them; what they may see, and not do, they are told.
Result<void> AdminDesk::permit(const AccessRow &access, const AdminCall &call)
{
    if (access.place == Place::Reach) {
        return call.caller.mayAnywhere(access.permission) ? Result<void>()
                                                          : failure(notAllowed(access.permission));
    }
    TRY(const std::vector<Placement> places, placesOfObject(access, call));
    const auto may = [&](Permission permission) {
        return std::ranges::any_of(
            places, [&](const Placement &place) { return call.caller.may(permission, place); });
    };
    if (may(access.permission)) {
        return checkFields(access, call, places);
    }
    const bool isNamed = access.place != Place::Platform && access.place < Place::InOrganization;
    return failure(isNamed && !may(kindOf(access.place).read) ? notThere(access.place)
                                                              : notAllowed(access.permission));
}

/// Returns where what a call is about belongs, so that who keeps an eye on that place sees who tried; nowhere if there is
/// no one such place.
Placement AdminDesk::placeOf(const AccessRow &access, const AdminCall &call)
{
    if (access.entry != Entry::Permitted || access.place == Place::Reach) {
        return {};
    }
    const auto places = placesOfObject(access, call);
    return places && places->size() == 1 ? places->front() : Placement();
}

Result<std::vector<Placement>> AdminDesk::placesOfObject(const AccessRow &access,
                                                         const AdminCall &call)
{
    std::vector<Placement> places;
    TRY_VOID(m_parts.store.look([&](store::ControlTables &tables) -> Result<void> {
        if (access.place >= Place::InOrganization) {
            TRY(Placement placement, placeOfBody(tables, access.place, call.body));
            places.push_back(std::move(placement));
            return {};
        }
        TRY(auto found, placesOf(tables, access.place, call.pathText(0)));
        if (!found) {
            return failure(notThere(access.place));
        }
        places = *std::move(found);
        return {};
    }));
    return places;
}

} // namespace delta::admin
