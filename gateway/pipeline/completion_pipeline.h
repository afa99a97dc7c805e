#pragma once

#include "gateway/auth/authenticator.h"
#include "gateway/auth/permissions.h"
#include "gateway/content/content_desk.h"
#include "gateway/ledger/ledger.h"
#include "gateway/limits/budget_book.h"
#include "gateway/limits/rate_book.h"
#include "gateway/limits/rate_directory.h"
#include "gateway/limits/shared_rates.h"
#include "gateway/net/event_loop.h"
#include "gateway/pipeline/call.h"
#include "gateway/pipeline/caller_desk.h"
#include "gateway/pipeline/grant_desk.h"
#include "gateway/pipeline/task.h"
#include "gateway/ports/upstream_client.h"
#include "gateway/telemetry/access_log.h"
#include "gateway/telemetry/call_recorder.h"
#include "shared/core/clock.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>

namespace delta::pipeline {

/// Answers calls to models: one straight line from the key to the settlement. One per loop thread.
class CompletionPipeline
{
public:
    struct Parts {
        const auth::Authenticator &authenticator;
        const auth::Permissions &permissions;
        const SnapshotSource &snapshots;
        ports::UpstreamClient &upstream;
        ledger::Ledger &ledger;
        limits::BudgetBook &budgets;
        limits::RateBook &rates;
        const limits::RateDirectory &rateLimits;
        telemetry::CallRecorder &metrics;
        telemetry::AccessLog &accessLog;
        const Clock &clock;
        net::EventLoop &loop;          ///< The thread's own.
        std::atomic<qint64> &inFlight; ///< Counts the calls that are under way; read by any thread.
        limits::SharedRates *sharedRates =
            nullptr;                 ///< The thread's own; null: limits are ours alone.
        GrantDesk *grants = nullptr; ///< The thread's own; null: no gateway shares the budgets.
        const CallerDesk *callers =
            nullptr; ///< The thread's own; null: the authenticator knows all who may call.
        content::ContentDesk *contents = nullptr; ///< Null: nothing is kept of calls.
    };

    explicit CompletionPipeline(const Parts &parts);

    /// Begins a call and returns; the call goes on by itself. Each begun call is answered once and
    /// settled once, whatever happens.
    void start(openai::Operation operation, ports::HttpRequest request,
               std::unique_ptr<ports::HttpReply> reply);

    /// What is known of a call that an admin makes, beside its request.
    struct Errand {
        auth::Principal principal;
        QByteArray
            deploymentId{}; ///< It goes to this deployment, also where that takes no traffic.
        routing::EndpointPtr
            endpoint{}; ///< It goes here, which is in no catalog. Null, as empty above: routing
                        ///< chooses.
    };
    /// The same for somebody who is known already. Beside who they are it is a call like any other.
    void startFor(Errand errand, openai::Operation operation, ports::HttpRequest request,
                  std::unique_ptr<ports::HttpReply> reply);

private:
    [[nodiscard]] std::unique_ptr<Call> callFor(openai::Operation operation,
                                                ports::HttpRequest request,
                                                std::unique_ptr<ports::HttpReply> reply) const;
    [[nodiscard]] std::optional<Result<auth::Principal>> identify(const Call &call) const;
    [[nodiscard]] Result<routing::EndpointPtr> choose(const Call &call, const auth::Grant &grant);
    Task<> serve(std::unique_ptr<Call> call);
    [[nodiscard]] Task<Result<void>> run(Call &call);
    [[nodiscard]] Task<Result<void>> guarded(Call &call);
    [[nodiscard]] Task<Result<AnswerStreamPtr>> ask(Call &call);
    [[nodiscard]] Result<void> limitRate(Call &call, const auth::Principal &principal);
    [[nodiscard]] Task<Result<void>> shareRate(Call &call);
    [[nodiscard]] Result<void> price(Call &call) const;
    [[nodiscard]] Result<void> openRecord(Call &call) const;
    [[nodiscard]] bool mustBeDurable() const;
    [[nodiscard]] Task<Result<void>> durable(std::uint64_t offset);
    [[nodiscard]] std::optional<Result<void>> passOn(Call &call,
                                                     const providers::ModelEvent &event) const;
    [[nodiscard]] Task<Result<void>> passOnLater(Call &call,
                                                 const providers::ModelEvent &event) const;
    [[nodiscard]] Result<void> passOnIf(const Result<void> &covered, Call &call,
                                        const providers::ModelEvent &event) const;
    void noteProgress(Call &call) const;
    [[nodiscard]] std::optional<std::uint64_t> settle(Call &call, const Result<void> &outcome);
    void gatherContent(Call &call, const auth::Principal &principal) const;
    void leaveContent(Call &call, std::uint64_t offset) const;
    void complete(Call &call, const Result<void> &outcome) const;

    Parts m_parts;
    std::mt19937_64 m_random; ///< For choosing among equals only; nothing secret.
};

} // namespace delta::pipeline
