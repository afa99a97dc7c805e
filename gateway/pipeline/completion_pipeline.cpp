#include "gateway/pipeline/completion_pipeline.h"

#include "gateway/openai/stop_event.h"
#include "gateway/pipeline/local_answer_stream.h"
#include "gateway/pipeline/metering.h"
#include "gateway/pipeline/rate_rules.h"
#include "gateway/pipeline/upstream_answer.h"
#include "gateway/providers/providers.h"
#include "shared/billing/cost.h"
#include "shared/models/tags.h"

#include <QLoggingCategory>

#include <exception>
#include <span>
#include <utility>
#include <vector>

namespace delta::pipeline {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcPipeline, "delta.pipeline")

/// The journal hears of a stream's progress every so many tokens: what a crash may lose of one
/// call.
constexpr qint64 progressTokens = 256;

Outcome outcomeOf(const Call &call, const Result<void> &result)
{
    if (result) {
        return Outcome::Succeeded;
    }
    if (result.error().kind == ErrorKind::ClientClosed) {
        return Outcome::ClientClosed;
    }
    return call.hold ? Outcome::Failed : Outcome::Rejected;
}

std::chrono::microseconds microsecondsBetween(SteadyTime from, SteadyTime to)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(to - from);
}

void noteCaller(SpendEntry &record, const auth::Principal &principal)
{
    record.keyId = principal.keyId;
    record.userId = principal.userId;
    record.teamId = principal.teamId;
    record.organizationId = principal.organizationId;
}

/// Returns the tags of a call: its key's, those of its header and those of its body.
Result<QByteArray> tagsOf(const Call &call, const auth::Principal &principal)
{
    QByteArray tags = call.model.tags.list;
    if (principal.key && !principal.key->terms->tags.isEmpty()) {
        TRY_VOID(addTags(tags, principal.key->terms->tags, '\n', u"tags"_s));
    }
    for (const QLatin1StringView name : {"x-deltallm-tags"_L1, "x-litellm-tags"_L1}) {
        if (const auto value = call.request.header(QByteArrayView(name))) {
            TRY_VOID(addTags(tags, value->toByteArray(), ',', name));
        }
    }
    return tags;
}

/// Says whether all that the call will use has a price. Where only the input has one, what a model
/// writes may be free by mistake, so that the call is flagged; a price of zero says so on purpose.
bool isPricedFor(openai::Operation operation, const Pricing &pricing)
{
    const UnitPrices &prices = pricing.base;
    const bool writes = operation != openai::Operation::Embedding;
    return pricing.isPriced() && (prices.request || prices.output || !writes);
}

void setRateFields(Call &call, std::span<const limits::RateState> states)
{
    for (auto &[name, value] : rateFields(states)) {
        call.relay.setField(std::move(name), std::move(value));
    }
}

SpendGuard::Demand demandOf(Call &call)
{
    return {call.model, call.record, call.endpoint->deployment,
            call.snapshot->mayShorten ? SpendGuard::Shortening::Allowed
                                      : SpendGuard::Shortening::Forbidden};
}

void setBudgetFields(Call &call)
{
    for (auto &[name, value] : call.guard.fields()) {
        call.relay.setField(std::move(name), std::move(value));
    }
}

/// Fills in what the request says of itself.
void describe(Call &call)
{
    SpendEntry &record = call.record;
    record.requestId = call.request.id;
    record.clientRequestId = call.request.clientId;
    record.operation = openai::operationName(call.operation).toByteArray();
    record.model = call.model.model;
    record.endUser = call.model.endUser;
    record.isStream = call.model.isStream;
}

void noteEndpoint(SpendEntry &record, const ports::Endpoint &endpoint)
{
    record.deploymentId = endpoint.deployment.id.toUtf8();
    record.provider = endpoint.deployment.provider.toUtf8();
    record.upstreamModel = endpoint.deployment.upstreamModel.toUtf8();
}

} // namespace

CompletionPipeline::CompletionPipeline(const Parts &parts)
    : m_parts(parts)
    , m_random(std::random_device()())
{
}

void CompletionPipeline::start(openai::Operation operation, ports::HttpRequest request,
                               std::unique_ptr<ports::HttpReply> reply)
{
    serve(callFor(operation, std::move(request), std::move(reply)));
}

void CompletionPipeline::startFor(Errand errand, openai::Operation operation,
                                  ports::HttpRequest request,
                                  std::unique_ptr<ports::HttpReply> reply)
{
    auto call = callFor(operation, std::move(request), std::move(reply));
    call->known = std::move(errand.principal);
    call->pinned = std::move(errand.deploymentId);
    call->endpoint = std::move(errand.endpoint);
    serve(std::move(call));
}

std::unique_ptr<Call> CompletionPipeline::callFor(openai::Operation operation,
                                                  ports::HttpRequest request,
                                                  std::unique_ptr<ports::HttpReply> reply) const
{
    return std::make_unique<Call>(
        operation, std::move(request), std::move(reply), m_parts.snapshots.current(),
        SpendGuard(m_parts.budgets, m_parts.clock, m_parts.grants), m_parts.clock);
}

Task<> CompletionPipeline::serve(std::unique_ptr<Call> call)
{
    m_parts.inFlight.fetch_add(1, std::memory_order_relaxed);
    const Result<void> outcome = co_await guarded(*call);
    // Settled first: what the client sees as finished must already be in the journal.
    const std::optional<std::uint64_t> settled = settle(*call, outcome);
    if (call->content && settled) {
        leaveContent(*call, *settled);
    }
    if (settled && mustBeDurable()) {
        const Result<void> stored = co_await durable(*settled);
        if (!stored) {
            qCWarning(lcPipeline, "request_id=%s settled but not yet safe from a power cut: %ls",
                      call->request.id.constData(), qUtf16Printable(stored.error().message));
        }
    }
    call->relay.finish(outcome);
    m_parts.inFlight.fetch_sub(1, std::memory_order_relaxed);
}

Task<Result<void>> CompletionPipeline::guarded(Call &call)
{
    try {
        co_return co_await run(call);
    } catch (const std::exception &bug) {
        co_return failure(ApiError::internal(QString::fromUtf8(bug.what())));
    }
}

Task<Result<void>> CompletionPipeline::run(Call &call)
{
    std::optional<Result<auth::Principal>> caller = identify(call);
    if (!caller) {
        caller = co_await m_parts.callers->identifyLater(call.request);
    }
    CO_TRY(const auth::Principal principal, *std::move(caller));
    noteCaller(call.record, principal);
    CO_TRY_VOID(m_parts.permissions.checkRoute(principal, openai::operationPath(call.operation)));
    CO_TRY(call.model, openai::ModelRequest::parse(std::move(call.request.body), call.operation));
    CO_TRY_VOID(m_parts.authenticator.admitEndUser(call.model.endUser));
    CO_TRY(call.record.tags, tagsOf(call, principal));
    CO_TRY(const auth::Grant grant, m_parts.permissions.authorize(principal, call.model.model));
    CO_TRY(call.endpoint, choose(call, grant));
    describe(call);
    CO_TRY_VOID(limitRate(call, grant.principal()));
    if (m_parts.sharedRates && !call.rate.states().empty()) {
        CO_TRY_VOID(co_await shareRate(call));
    }
    CO_TRY_VOID(price(call));
    const SpendGuard::Demand demand = demandOf(call);
    std::optional<Result<void>> reserved = call.guard.reserve(demand);
    if (!reserved) {
        reserved = co_await call.guard.reserveLater(demand);
    }
    setBudgetFields(call);
    CO_TRY_VOID(*reserved);
    CO_TRY_VOID(openRecord(call));
    gatherContent(call, grant.principal());
    if (mustBeDurable()) {
        CO_TRY_VOID(co_await durable(call.hold->offset()));
    }
    CO_TRY(call.answer, co_await ask(call));
    call.relay.setField("x-deltallm-route-deployment"_ba, call.record.deploymentId);
    const ReplyForm form = call.model.isStream ? ReplyForm::Stream : ReplyForm::Whole;
    co_return co_await call.relay.relay(
        *call.answer, form,
        {[this, &call](const providers::ModelEvent &event) { return passOn(call, event); },
         [this, &call](const providers::ModelEvent &event) { return passOnLater(call, event); }});
}

/// Returns nothing if it takes time to know.
std::optional<Result<auth::Principal>> CompletionPipeline::identify(const Call &call) const
{
    if (call.known) {
        return m_parts.authenticator.admit(*call.known);
    }
    return m_parts.callers ? m_parts.callers->identify(call.request)
                           : m_parts.authenticator.identify(call.request);
}

Result<routing::EndpointPtr> CompletionPipeline::choose(const Call &call, const auth::Grant &grant)
{
    if (call.endpoint) {
        return call.endpoint;
    }
    if (call.pinned.isEmpty()) {
        return call.snapshot->catalog.choose(grant.model(), m_random());
    }
    routing::EndpointPtr pinned = call.snapshot->catalog.deployment(call.pinned);
    if (!pinned) {
        return failure(ApiError::conflict(
            u"This deployment is not in force; the log says what keeps it from being called."_s));
    }
    return pinned;
}

Result<void> CompletionPipeline::limitRate(Call &call, const auth::Principal &principal)
{
    const auto table = m_parts.rateLimits.current();
    std::vector<limits::RateRule> rules = rateRulesOf(
        {principal.key.get(), *table, call.snapshot->maxParallelRequests}, call.record,
        call.endpoint->deployment);
    if (rules.empty()) {
        return {};
    }
    auto admitted = m_parts.rates.admit(std::move(rules), rateTokensOf(call.model),
                                        m_parts.clock.steady());
    if (!admitted) {
        setRateFields(call, admitted.error().states);
        return failure(rateError(admitted.error()));
    }
    call.rate = *std::move(admitted);
    if (!m_parts.sharedRates) {
        setRateFields(call, call.rate.states());
    }
    return {};
}

/// Has the gateways that share their limits decide, after our own share of them has let the call through:
/// what is too much for one is too much for all.
Task<Result<void>> CompletionPipeline::shareRate(Call &call)
{
    std::vector<limits::RateRule> rules;
    for (const limits::RateState &state : call.rate.states()) {
        rules.push_back(state.rule);
    }
    Wakeup decided;
    call.sharedRate = m_parts.sharedRates->admit(rules, rateTokensOf(call.model),
                                                 [&decided] { decided.notify(); });
    while (!call.sharedRate.verdict()) {
        co_await decided.wait();
    }
    const limits::SharedVerdict &verdict = *call.sharedRate.verdict();
    const bool isKnown = verdict.kind != limits::SharedVerdict::Kind::Unavailable;
    setRateFields(call, isKnown ? verdict.states : call.rate.states());
    if (verdict.refusal) {
        co_return failure(rateError(*verdict.refusal));
    }
    if (!isKnown && m_parts.sharedRates->mode() == ports::DegradedMode::FailClosed) {
        co_return failure(rateOutage());
    }
    co_return Result<void>();
}

Result<void> CompletionPipeline::price(Call &call) const
{
    const ports::Endpoint &endpoint = *call.endpoint;
    const Pricing &pricing = endpoint.deployment.pricing;
    noteEndpoint(call.record, endpoint);
    call.record.isPriced = isPricedFor(call.operation, pricing);
    if (!pricing.isPriced() && endpoint.unpriced == ports::UnpricedPolicy::Refuse) {
        return failure(ApiError::unpricedModel(QString::fromUtf8(call.model.model)));
    }
    call.record.startedAt = m_parts.clock.wall();
    return {};
}

/// Writes into the ledger that the call begins.
Result<void> CompletionPipeline::openRecord(Call &call) const
{
    ledger::OpenCall open;
    open.facts = call.record;
    open.facts.usage.inputTokens = estimatedInputTokens(call.model);
    open.facts.cost = cost(open.facts.usage, call.endpoint->deployment.pricing);
    TRY(call.hold, m_parts.ledger.open(open));
    return {};
}

Task<Result<AnswerStreamPtr>> CompletionPipeline::ask(Call &call)
{
    if (call.cancel.token().isCancelled()) {
        co_return failure(ApiError::clientClosed()); // It left while the journal was waited for.
    }
    const providers::Provider *provider = providers::findProvider(call.record.provider);
    call.askedAt = m_parts.clock.steady();
    if (provider->local) {
        call.wasAsked = true;
        CO_TRY(auto local,
               provider->local->answer(call.model, call.request.id, m_parts.clock.wall()));
        co_return std::make_unique<LocalAnswerStream>(std::move(local));
    }
    auto answer = std::make_unique<UpstreamAnswer>(
        UpstreamAnswer::Question{*provider->dialect, call.model, *call.endpoint, m_parts.loop,
                                 call.snapshot->maxResponseBytes, call.cancel.token()});
    const Result<void> opened = co_await answer->open(m_parts.upstream);
    call.wasAsked = opened || answer->wasAsked();
    CO_TRY_VOID(opened);
    co_return answer;
}

/// Decides over an event before the client has it: what no budget pays for any more is kept back, and the
/// stream says that it is cut off. Returns nothing if it takes time to know.
std::optional<Result<void>> CompletionPipeline::passOn(Call &call,
                                                       const providers::ModelEvent &event) const
{
    if (!call.model.isStream) {
        return passOnIf({}, call, event);
    }
    return call.guard.cover(event.producedTokens).transform([&](const Result<void> &covered) {
        return passOnIf(covered, call, event);
    });
}

Task<Result<void>> CompletionPipeline::passOnLater(Call &call,
                                                   const providers::ModelEvent &event) const
{
    const Result<void> covered = co_await call.guard.coverLater(event.producedTokens);
    co_return passOnIf(covered, call, event);
}

Result<void> CompletionPipeline::passOnIf(const Result<void> &covered, Call &call,
                                          const providers::ModelEvent &event) const
{
    if (!covered) {
        call.isCutOff = true;
        call.relay.addEvents(openai::stopEvents(call.model, call.request.id, m_parts.clock.wall()));
        return covered;
    }
    call.passedTokens = event.producedTokens;
    noteProgress(call);
    return {};
}

void CompletionPipeline::noteProgress(Call &call) const
{
    if (call.passedTokens - call.notedTokens < progressTokens) {
        return;
    }
    call.notedTokens = call.passedTokens;
    Usage usage;
    usage.inputTokens = estimatedInputTokens(call.model);
    usage.outputTokens = call.passedTokens;
    m_parts.ledger.progress(*call.hold, usage, cost(usage, call.endpoint->deployment.pricing));
}

/// In strict mode the journal must be on the disk before the provider is called and before the
/// client is told that the call is over; else the next group commit is soon enough.
bool CompletionPipeline::mustBeDurable() const
{
    return m_parts.ledger.durability() == ledger::Durability::Strict;
}

Task<Result<void>> CompletionPipeline::durable(std::uint64_t offset)
{
    struct Waiting {
        Wakeup wakeup;
        std::optional<Result<void>> result;
    };
    const auto waiting = std::make_shared<Waiting>();
    m_parts.ledger.whenDurable(offset, [waiting, &loop = m_parts.loop](const Result<void> &result) {
        loop.post([waiting, result] {
            waiting->result = result;
            waiting->wakeup.notify();
        });
    });
    while (!waiting->result) {
        co_await waiting->wakeup.wait();
    }
    co_return *waiting->result;
}

std::optional<std::uint64_t> CompletionPipeline::settle(Call &call, const Result<void> &outcome)
{
    complete(call, outcome);
    SpendEntry &record = call.record;
    std::optional<std::uint64_t> offset;
    if (call.hold) {
        const providers::AnswerState state = call.answer ? call.answer->state()
                                                         : providers::AnswerState();
        // Who was not asked is not paid.
        Metered metered;
        if (call.wasAsked) {
            metered = call.isCutOff ? meterCutOff(call.model, call.passedTokens)
                                    : meter(call.model, state, record.outcome);
        }
        record.isPriced = record.isPriced && !state.hasOwnTier;
        record.usage = metered.usage;
        record.usageSource = metered.source;
        record.cost = call.wasAsked ? cost(metered.usage, call.endpoint->deployment.pricing)
                                    : Money();
        record.startedAt = call.guard.countsAt(record.startedAt);
        offset = m_parts.ledger.settle(*std::exchange(call.hold, std::nullopt), record);
        call.guard.settle(record, *offset);
        m_parts.rates.settle(std::move(call.rate), record.usage.totalTokens(),
                             m_parts.clock.steady());
        call.sharedRate.settle(record.usage.totalTokens());
    }
    m_parts.metrics.record(record);
    m_parts.accessLog.write(record);
    if (!outcome && !outcome.error().detail.isEmpty()) {
        qCInfo(lcPipeline, "request_id=%s %ls", record.requestId.constData(),
               qUtf16Printable(outcome.error().detail));
    }
    return offset;
}

/// Where what the call asks and is answered is to be kept, gathers it from here on.
void CompletionPipeline::gatherContent(Call &call, const auth::Principal &principal) const
{
    const content::ContentSettings &settings = call.snapshot->content;
    if (m_parts.contents && settings.keeps(principal.storesContent)) {
        call.content = m_parts.contents->begin(call.model.body, settings);
        call.relay.gatherIn(*call.content);
    }
}

void CompletionPipeline::leaveContent(Call &call, std::uint64_t offset) const
{
    if (!call.model.isStream) {
        call.content->setAnswer(call.relay.wholeAnswer());
    }
    m_parts.contents->leave(
        {offset, call.record.startedAt, call.record.endUser, *std::move(call.content)});
    call.content.reset();
}

/// Fills in what is only known at the end.
void CompletionPipeline::complete(Call &call, const Result<void> &outcome) const
{
    const SteadyTime now = m_parts.clock.steady();
    SpendEntry &record = call.record;
    describe(call);
    record.latency = microsecondsBetween(call.request.receivedAt, now);
    if (!call.hold) { // Else it stays as its budgets and the journal have it.
        record.startedAt = m_parts.clock.wall()
            - std::chrono::floor<std::chrono::milliseconds>(record.latency);
    }
    record.outcome = outcomeOf(call, outcome);
    record.status = outcome ? 200 : outcome.error().status();
    record.errorCode = outcome ? QByteArray() : outcome.error().codeText().toUtf8();
    if (const auto first = call.relay.firstByteAt()) {
        record.timeToFirst = microsecondsBetween(call.request.receivedAt, *first);
    }
    if (call.askedAt) {
        record.upstreamLatency = microsecondsBetween(*call.askedAt, now);
    }
}

} // namespace delta::pipeline
