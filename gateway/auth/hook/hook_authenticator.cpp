#include "gateway/auth/hook/hook_authenticator.h"

#include "gateway/auth/hook/hook_answer.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace delta::auth {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcHook, "delta.auth")

Result<Principal> principalOf(const HookCache::Facts &facts)
{
    if (!facts) {
        return failure(ApiError::invalidApiKey());
    }
    return Principal{.kind = PrincipalKind::Custom,
                     .keyId = facts->id,
                     .userId = facts->userId,
                     .teamId = facts->teamId,
                     .organizationId = facts->organizationId,
                     .key = facts};
}

bool canBeAsked(QByteArrayView credential)
{
    return credential.size() <= HookAuthenticator::longestCredential
        && std::ranges::all_of(credential, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

ApiError hookUnavailable(const QString &detail)
{
    ApiError error = ApiError::storeUnavailable(
        u"Whoever checks credentials of this kind for this gateway cannot be asked at this moment. "
        "Try again shortly."_s,
        detail);
    error.code = u"identity_unavailable"_s;
    return error;
}

HookAuthenticator::HookAuthenticator(Parts parts, const HookSettings &settings)
    : m_parts(std::move(parts))
    , m_settings(settings)
{
    for (int number = 0; number < m_settings.maxConcurrent; ++number) {
        m_threads.emplace_back([this](const std::stop_token &stop) { run(stop); });
    }
}

HookAuthenticator::~HookAuthenticator()
{
    stop();
}

QByteArray HookAuthenticator::nameOf(QByteArrayView credential) const
{
    const KeyMac mac = m_parts.names.mac(credential);
    return QByteArray(reinterpret_cast<const char *>(mac.data()), qsizetype(mac.size()));
}

std::optional<Result<Principal>> HookAuthenticator::known(QByteArrayView credential)
{
    if (!canBeAsked(credential)) {
        return failure(ApiError::invalidApiKey());
    }
    const QByteArray name = nameOf(credential);
    const std::scoped_lock lock(m_mutex);
    return m_cache.find(name, m_parts.clock.steady()).transform(principalOf);
}

/// Says why nobody is asked at this moment; nothing: somebody may be.
std::optional<ApiError> HookAuthenticator::refusal() const
{
    if (m_isStopped) {
        return hookUnavailable(u"the gateway stops"_s);
    }
    if (m_parts.clock.steady() < m_restUntil) {
        return hookUnavailable(u"the last question of custom auth failed just now"_s);
    }
    if (m_questions.size() >= mostWaiting) {
        return hookUnavailable(u"too many questions of custom auth wait"_s);
    }
    return std::nullopt;
}

void HookAuthenticator::ask(QByteArrayView credential, Answer answer)
{
    const QByteArray name = nameOf(credential);
    std::optional<Result<Principal>> atOnce;
    {
        const std::scoped_lock lock(m_mutex);
        atOnce = m_cache.find(name, m_parts.clock.steady()).transform(principalOf);
        const auto waiting = m_waiting.find(name);
        if (!atOnce && waiting != m_waiting.end()) {
            waiting->push_back(std::move(answer));
            return;
        }
        if (const auto refused = refusal(); !atOnce && refused) {
            atOnce = failure(*refused);
        }
        if (!atOnce) {
            m_waiting[name].push_back(std::move(answer));
            m_questions.push_back({name, Secret(credential.toByteArray()), m_parts.clock.steady()});
        }
    }
    if (atOnce) {
        answer(*atOnce);
    } else {
        m_changed.notify_one();
    }
}

void HookAuthenticator::stop()
{
    QHash<QByteArray, std::vector<Answer>> left;
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopped = true;
        m_questions.clear();
        left = std::exchange(m_waiting, {});
    }
    for (std::jthread &thread : m_threads) {
        thread.request_stop();
    }
    m_threads.clear();
    const Result<Principal> nobody = failure(hookUnavailable(u"the gateway stops"_s));
    for (const std::vector<Answer> &answers : std::as_const(left)) {
        for (const Answer &answer : answers) {
            answer(nobody);
        }
    }
}

void HookAuthenticator::run(const std::stop_token &stop)
{
    while (const std::optional<Question> question = next(stop)) {
        answer(question->name, decide(*question, stop));
    }
}

std::optional<HookAuthenticator::Question> HookAuthenticator::next(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_changed.wait(lock, stop, [this] { return !m_questions.empty(); })) {
        return std::nullopt;
    }
    Question question = std::move(m_questions.front());
    m_questions.pop_front();
    return question;
}

HookAuthenticator::Verdict HookAuthenticator::decide(const Question &question,
                                                     const std::stop_token &stop)
{
    {
        const std::scoped_lock lock(m_mutex);
        const SteadyTime now = m_parts.clock.steady();
        if (now < m_restUntil || now - question.since > m_settings.timeout) {
            return std::unexpected(hookUnavailable(u"custom auth is too slow, or fails"_s));
        }
    }
    return conclude(question, m_parts.ask(question.credential, stop));
}

/// Remembers what was said. Only an answer that was understood whole counts.
HookAuthenticator::Verdict HookAuthenticator::conclude(
    const Question &question, const std::expected<QByteArray, QString> &text)
{
    const auto said = text.and_then(readHookAnswer);
    const std::scoped_lock lock(m_mutex);
    const SteadyTime now = m_parts.clock.steady();
    if (!said) {
        m_restUntil = now + restAfterFailure;
        if (!std::exchange(m_isTroubleLogged, true) && !m_isStopped) {
            qCWarning(lcHook, "custom auth cannot be asked: %ls", qUtf16Printable(said.error()));
        }
        return std::unexpected(hookUnavailable(said.error()));
    }
    if (std::exchange(m_isTroubleLogged, false)) {
        qCInfo(lcHook, "custom auth answers again");
    }
    const std::chrono::milliseconds configured = said->facts ? m_settings.goodFor
                                                             : m_settings.refusedFor;
    const std::chrono::milliseconds good = std::min<std::chrono::milliseconds>(
        configured, said->goodFor.value_or(std::chrono::hours(24)));
    m_cache.insert(question.name, said->facts, now + good);
    return said->facts;
}

void HookAuthenticator::answer(const QByteArray &name, const Verdict &verdict)
{
    std::vector<Answer> answers;
    {
        const std::scoped_lock lock(m_mutex);
        answers = m_waiting.take(name);
    }
    const Result<Principal> result = verdict ? principalOf(*verdict) : failure(verdict.error());
    for (const Answer &answer : answers) {
        answer(result);
    }
}

} // namespace delta::auth
