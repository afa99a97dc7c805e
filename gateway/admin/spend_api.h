#pragma once

#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/ports/background.h"
#include "gateway/ports/http_request.h"
#include "gateway/store/store.h"

#include <memory>

namespace delta::admin {

/// Shows what calls cost. Needs the master key, but for what a key may know of itself. One per loop thread.
class SpendApi
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        store::Store &store; ///< Used on the background thread only.
        ports::Background &background;
    };

    explicit SpendApi(const Parts &parts)
        : m_parts(parts)
    {
    }

    /// GET /spend/logs: settled calls, newest first, chosen by api_key (a key's id), user_id,
    /// team_id, model, start_date and end_date (ISO 8601: a day, which is in as a whole, or a time,
    /// before which calls are in), paged by limit (100, at most 1,000) and offset.
    void logs(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply);
    /// GET /spend/report: what was spent of each key, team, model and so on, see readReportQuery(). A virtual
    /// key gets what it spent itself, and 403 for all else.
    void report(const ports::HttpRequest &request, std::unique_ptr<ports::HttpReply> reply);

private:
    Parts m_parts;
};

/// Which calls /spend/logs is asked for.
struct SpendQuery {
    store::SpendFilter filter;
    store::Page page;
};

/// Reads the query parameters of /spend/logs. Errors: InvalidRequest naming the parameter.
[[nodiscard]] Result<SpendQuery> readSpendQuery(QByteArrayView query);

} // namespace delta::admin
