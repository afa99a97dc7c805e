#pragma once

#include "gateway/admin/budget_service.h"
#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/actor_seat.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"

#include <memory>

namespace delta::admin {

/// Budgets of every scope, in the shape that LiteLLM gave its own. All of it needs the master key.
/// A budget is answered as budgetJson() has it; one that is not there with 404 and
/// `budget_not_found`. One per loop thread.
class BudgetApi
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        BudgetService &budgets; ///< Used on the background thread only.
        ports::Background &background;
        ports::ActorSeat &seat; ///< Of the store; used likewise.
    };

    explicit BudgetApi(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// POST /budget/new: makes a budget of the fields of Budget; `budget_id` may be left out.
    void create(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /budget/update: changes the budget `budget_id`. A field that is absent stays, null
    /// clears it.
    void update(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /budget/list: all `budgets`, by id.
    void list(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /budget/info?budget_id=…: one budget.
    void info(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /budget/info: an array of the budgets whose ids are in the list `budgets`, in its
    /// order; 404 if there is one that is not there.
    void infoOfMany(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /budget/reset: has the budget `budget_id` begin anew at this moment, whether or not its window is over,
    /// and answers with it. `reason` may say why.
    void reset(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /budget/resets?budget_id=…: its `resets`, newest first, as resetJson() has them; also of a budget that was
    /// removed.
    void resets(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);
    /// POST /budget/delete: removes the budget `id`, and answers with it as it was.
    void remove(ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply);

private:
    [[nodiscard]] Result<void> allow(const ports::HttpRequest &request) const;

    Parts m_parts;
};

} // namespace delta::admin
