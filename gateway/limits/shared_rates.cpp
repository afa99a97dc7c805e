#include "gateway/limits/shared_rates.h"

#include "gateway/limits/shared_rate_call.h"
#include "gateway/limits/shared_rate_scripts.h"

namespace delta::limits {

namespace {

constexpr qsizetype nameLength = 16;
/// Slots that one script renews, so that no other waits long for it.
constexpr std::size_t renewalSize = 200;

} // namespace

SharedRateHold::~SharedRateHold()
{
    if (m_call) {
        m_call->end(std::nullopt);
    }
}

const SharedVerdict *SharedRateHold::verdict() const
{
    return m_call->verdict();
}

void SharedRateHold::settle(qint64 tokens)
{
    if (const auto call = std::exchange(m_call, nullptr)) {
        call->end(tokens);
    }
}

SharedRates::SharedRates(const Parts &parts)
    : m_parts(parts)
    , m_admit(admitScript())
    , m_settle(settleScript())
    , m_renew(renewScript())
    , m_name(randomText(parts.random, nameLength))
{
    for (const ports::SharedScript *script : {&m_admit, &m_settle, &m_renew}) {
        m_parts.store.prepare(*script);
    }
}

SharedRates::~SharedRates() = default;

SharedRateHold SharedRates::admit(std::span<const RateRule> rules, qint64 tokens,
                                  std::function<void()> onDecided)
{
    auto call = std::make_shared<SharedRateCall>(
        *this,
        SharedRateCall::Question{{rules.begin(), rules.end()},
                                 tokens,
                                 m_name + QByteArray::number(++m_calls),
                                 std::move(onDecided)});
    if (!m_parts.store.ask(call->question(), call)) {
        call->skip();
    }
    return SharedRateHold(std::move(call));
}

void SharedRates::renew()
{
    const auto begin = [this] {
        return ports::SharedCall{m_renew, {}, {QByteArray::number(qint64(lease.count()))}};
    };
    ports::SharedCall renewal = begin();
    for (const SharedRateCall *call : m_leases) {
        call->addLeases(renewal);
        if (renewal.keys.size() >= renewalSize) {
            m_parts.store.tell(std::exchange(renewal, begin()));
        }
    }
    if (!renewal.keys.empty()) {
        m_parts.store.tell(std::move(renewal));
    }
}

} // namespace delta::limits
