#pragma once

#include "gateway/limits/shared_rate_plan.h"
#include "gateway/limits/shared_rates.h"

#include <optional>
#include <vector>

namespace delta::limits {

/// One call in the shared store, from the question to the settlement. Lives as long as the call, or until
/// the store has answered if that is later. Of SharedRates only.
class SharedRateCall final : public ports::SharedSink
{
public:
    struct Question {
        std::vector<RateRule> rules;
        qint64 tokens = 0;
        QByteArray name; ///< Of the call in the store.
        std::function<void()> onDecided;
    };

    SharedRateCall(SharedRates &rates, Question question);

    /// Returns what the store is to be asked.
    [[nodiscard]] ports::SharedCall question() const;
    /// The store is not asked at all.
    void skip();
    /// The call is over and used so many tokens; absent: it never began.
    void end(std::optional<qint64> tokens);

    [[nodiscard]] const SharedVerdict *verdict() const
    {
        return m_isDecided ? &m_verdict : nullptr;
    }
    /// Adds what has to be renewed.
    void addLeases(ports::SharedCall &renewal) const;

private:
    void onLate() override;
    void onAnswer(const ports::SharedAnswer &answer) override;

    [[nodiscard]] bool understand(const ports::SharedAnswer &answer);
    void decide();
    void hold();
    void giveBack();

    SharedRates &m_rates;
    Question m_question;
    const SharedRatePlan m_plan;
    SharedVerdict m_verdict;
    bool m_isDecided = false;
    bool m_isHeld = false; ///< The store counts the call.
    bool m_isOver = false;
    std::optional<qint64> m_used; ///< Tokens, once it is over; absent: it never began.
    qint64 m_admittedAt = 0;      ///< By the store's clock, in milliseconds.
};

} // namespace delta::limits
