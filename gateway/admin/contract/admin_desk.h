#pragma once

#include "gateway/admin/access/access_table.h"
#include "gateway/admin/access/caller_finder.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/contract/answer.h"
#include "gateway/admin/contract/denial_log.h"
#include "gateway/store/store.h"
#include "shared/core/result.h"

#include <QByteArrayList>

#include <functional>
#include <vector>

namespace delta::admin {

/// Takes each request to the admin API through the same steps: who is it, what is asked, may they, is the object
/// there, do it. Called on the thread that owns the store.
class AdminDesk
{
public:
    /// Borrowed; outlives the desk.
    struct Parts {
        CallerFinder &callers;
        store::Store &store;
        const Clock &clock;
    };

    explicit AdminDesk(const Parts &parts)
        : m_parts(parts)
        , m_denials(parts.store, parts.clock)
    {
    }

    /// A request, and where it goes.
    struct Errand {
        const AdminRoute &route;
        const AccessRow &access;
        const ports::HttpRequest &request;
        const QByteArrayList &path;
    };

    /// Answers a request, whatever comes of it, at once or later. The route and what `sink` holds of
    /// the request must live until then.
    void serve(const Errand &errand, const std::function<void(Answer)> &sink);

    /// Asks a route in the name of whoever asks another one: takes a call through the same steps, from the second on.
    /// Errors: those of the route.
    [[nodiscard]] Result<Answer> ask(const AdminRoute &route, const AdminCall &call);

    /// Finds out once more who sent a request that is being answered, and whether they still may. Errors: as serve().
    [[nodiscard]] Result<Caller> recheck(const Errand &errand);

    /// Only says whether the caller may. Errors: PermissionDenied, NotFound, StepUpRequired; StoreUnavailable.
    [[nodiscard]] Result<void> admit(const AccessRow &access, const AdminCall &call);

private:
    [[nodiscard]] Result<FoundCaller> callerFor(const AccessRow &access,
                                                const ports::HttpRequest &request);
    [[nodiscard]] Result<void> answer(const Errand &errand, const AnswerSink &sink);
    [[nodiscard]] Result<void> permit(const AccessRow &access, const AdminCall &call);
    [[nodiscard]] Placement placeOf(const AccessRow &access, const AdminCall &call);
    [[nodiscard]] Result<std::vector<Placement>> placesOfObject(const AccessRow &access,
                                                                const AdminCall &call);

    Parts m_parts;
    DenialLog m_denials;
};

} // namespace delta::admin
