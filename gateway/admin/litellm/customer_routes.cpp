#include "gateway/admin/litellm/customer_routes.h"

#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/resource.h"
#include "gateway/admin/litellm/worked_out.h"
#include "gateway/admin/query_values.h"

#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr std::array ownFields{
    FieldRow{.theirs = "user_id"_L1, .ours = "end_user_id"_L1},
    FieldRow{.theirs = "alias"_L1, .ours = "name"_L1},
    FieldRow{.theirs = "metadata"_L1, .ours = "metadata"_L1},
    shown("blocked"_L1, "blocked"_L1),
    shown("created_at"_L1, "created_at"_L1),
    shown("updated_at"_L1, "updated_at"_L1),
    idle("allowed_model_region"_L1),
    idle("default_model"_L1),
    idle("spend"_L1),
};
constexpr auto customerFields = joined(joined(ownFields, governanceFields), idleFields);

const Kind &customerKind()
{
    static const Kind kind{
        .path = "/ui/api/end-users"_ba, .parameter = "{end_user_id}"_ba, .fields = customerFields};
    return kind;
}

constexpr auto idField = "user_id"_L1;
constexpr auto idsField = "user_ids"_L1;

QJsonObject shownCustomer(const Steps &steps, const QJsonObject &ours)
{
    QJsonObject customer = toTheirs(customerFields, ours);
    customer.insert("budget_reset_at"_L1, budgetResetAt(ours, steps.now()));
    customer.insert("litellm_budget_table"_L1, budgetTable(customer));
    return customer;
}

Result<QJsonObject> wholeCustomer(const Steps &steps, const AdminCall &call, const QString &id)
{
    TRY(const QJsonObject ours, Resource(steps, customerKind()).show(call, id));
    return withSpend(steps, call, "end_user"_L1, idField, shownCustomer(steps, ours));
}

Result<void> block(const Steps &steps, const AdminCall &call, const QString &id,
                   std::optional<bool> isBlocked)
{
    return isBlocked
        ? Resource(steps, customerKind()).setBlocked(call, id, *isBlocked).transform([](auto &&) {
          })
        : Result<void>();
}

Result<Answer> create(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const std::optional<bool> isBlocked, takeFlag(request, "blocked"_L1));
    if (request.value(idField).toString().isEmpty()) {
        return failure(ApiError::invalidRequest(u"'user_id' must be given."_s, QString(idField)));
    }
    return steps.together([&]() -> Result<Answer> {
        TRY(const QJsonObject made, Resource(steps, customerKind()).make(call, request));
        const QString id = made.value("end_user_id"_L1).toString();
        TRY_VOID(block(steps, call, id, isBlocked));
        TRY(const QJsonObject customer, wholeCustomer(steps, call, id));
        return jsonAnswer(customer);
    });
}

Result<Answer> update(const Steps &steps, const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(const std::optional<bool> isBlocked, takeFlag(request, "blocked"_L1));
    TRY(const QString id, takeText(request, idField));
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(Resource(steps, customerKind()).change(call, id, request));
        TRY_VOID(block(steps, call, id, isBlocked));
        TRY(const QJsonObject customer, wholeCustomer(steps, call, id));
        return jsonAnswer(customer);
    });
}

Result<QStringList> takeIds(const AdminCall &call)
{
    QJsonObject request = call.body;
    TRY(QStringList ids, takeNames(request, idsField));
    ids.removeDuplicates();
    TRY_VOID(checkRest(request, {QString(idsField)}));
    return ids;
}

Result<Answer> remove(const Steps &steps, const AdminCall &call)
{
    TRY(const QStringList ids, takeIds(call));
    return steps.together([&]() -> Result<Answer> {
        for (const QString &id : ids) {
            TRY_VOID(Resource(steps, customerKind()).remove(call, id));
        }
        return jsonAnswer(
            QJsonObject{{"deleted_customers"_L1, ids.size()},
                        {"message"_L1,
                         u"Successfully deleted customers with ids: %1"_s.arg(ids.join(u", "_s))}});
    });
}

/// Returns whether there is such a customer.
Result<bool> isThere(const Steps &steps, const AdminCall &call, const QString &id)
{
    const auto found = Resource(steps, customerKind()).show(call, id);
    if (!found && found.error().kind == ErrorKind::NotFound) {
        return false;
    }
    return found.transform([](const QJsonObject &) { return true; });
}

/// A customer of whom nothing was said so far can be blocked at once.
Result<Answer> setBlocked(const Steps &steps, const AdminCall &call, bool isBlocked)
{
    TRY(const QStringList ids, takeIds(call));
    return steps.together([&]() -> Result<Answer> {
        QJsonArray customers;
        for (const QString &id : ids) {
            TRY(const bool isKnown, isThere(steps, call, id));
            if (!isKnown && isBlocked) {
                TRY_VOID(Resource(steps, customerKind()).make(call, {{idField, id}}));
            }
            TRY_VOID(block(steps, call, id, isBlocked));
            TRY(const QJsonObject customer, wholeCustomer(steps, call, id));
            customers.append(customer);
        }
        return jsonAnswer(
            QJsonObject{{isBlocked ? u"blocked_users"_s : u"unblocked_users"_s, customers}});
    });
}

Result<Answer> blockAll(const Steps &steps, const AdminCall &call)
{
    return setBlocked(steps, call, true);
}

Result<Answer> unblockAll(const Steps &steps, const AdminCall &call)
{
    return setBlocked(steps, call, false);
}

Result<Answer> info(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"end_user_id"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const QString id, neededText(call.query, known[0]));
    TRY(const QJsonObject customer, wholeCustomer(steps, call, id));
    return jsonAnswer(customer);
}

Result<Answer> list(const Steps &steps, const AdminCall &call)
{
    static constexpr std::array known{"page"_L1, "page_size"_L1};
    TRY_VOID(checkNames(call.query, known));
    TRY(const PageWish wish, readPage(call.query, known[1], 100));
    TRY(const CountedPage page, Resource(steps, customerKind()).list(call, wish, {}));
    QJsonArray customers;
    for (const auto &ours : page.items) {
        customers.append(shownCustomer(steps, ours.toObject()));
    }
    TRY(customers, withSpend(steps, call, "end_user"_L1, idField, customers));
    return jsonAnswer(customers);
}

} // namespace

std::vector<AdminRoute> customerRoutes(const Steps &steps)
{
    return routesOf(steps,
                    {{"POST", "/customer/new", create},
                     {"POST", "/customer/update", update},
                     {"POST", "/customer/delete", remove},
                     {"POST", "/customer/block", blockAll},
                     {"POST", "/customer/unblock", unblockAll},
                     {"GET", "/customer/info", info},
                     {"GET", "/customer/list", list}});
}

} // namespace delta::admin::litellm
