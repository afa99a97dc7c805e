#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/entity_stamp.h"

#include <QString>
#include <QStringList>

#include <array>
#include <tuple>

namespace delta {

/// What a guardrail looks for.
enum class GuardrailType {
    Pii,             ///< What tells who a person is.
    PromptInjection, ///< Text that wants to take over from whoever wrote the prompt.
};

constexpr auto enumNames(GuardrailType)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{GuardrailType::Pii, "pii"_L1},
                      EnumName{GuardrailType::PromptInjection, "prompt_injection"_L1}};
}

/// When it looks.
enum class GuardrailStage {
    PreCall,  ///< At what is sent to the provider.
    PostCall, ///< At what the provider answers.
    Both,
};

constexpr auto enumNames(GuardrailStage)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{GuardrailStage::PreCall, "pre_call"_L1},
                      EnumName{GuardrailStage::PostCall, "post_call"_L1},
                      EnumName{GuardrailStage::Both, "both"_L1}};
}

/// What becomes of a call in which it finds something.
enum class GuardrailAction {
    Block,  ///< It is refused.
    Redact, ///< What was found is replaced by its kind. Of personal data only.
    Log,    ///< It goes on, and the finding is noted.
};

constexpr auto enumNames(GuardrailAction)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{GuardrailAction::Block, "block"_L1},
                      EnumName{GuardrailAction::Redact, "redact"_L1},
                      EnumName{GuardrailAction::Log, "log"_L1}};
}

/// What becomes of a call that could not be looked at.
enum class GuardrailFailure {
    Closed, ///< It is refused.
    Open,   ///< It goes on.
};

constexpr auto enumNames(GuardrailFailure)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{GuardrailFailure::Closed, "fail_closed"_L1},
                      EnumName{GuardrailFailure::Open, "fail_open"_L1}};
}

/// Whose calls it guards.
enum class GuardrailScope { Gateway, Organization, Team, Key, Model };

constexpr auto enumNames(GuardrailScope)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{GuardrailScope::Gateway, "gateway"_L1},
                      EnumName{GuardrailScope::Organization, "organization"_L1},
                      EnumName{GuardrailScope::Team, "team"_L1},
                      EnumName{GuardrailScope::Key, "key"_L1},
                      EnumName{GuardrailScope::Model, "model"_L1}};
}

/// A rule for what calls may hold. It is a policy that is kept; what applies it is not part of it.
struct Guardrail {
    QString id;
    QString name; ///< No two have the same.
    QString description;
    GuardrailType type = GuardrailType::Pii;
    GuardrailStage stage = GuardrailStage::PreCall;
    GuardrailAction action = GuardrailAction::Block;
    int threshold = 50;   ///< How sure a finding must be at least, in percent.
    QStringList entities; ///< Which personal data, of piiEntities(); empty: all.
    GuardrailFailure onError = GuardrailFailure::Closed;
    int position = 100; ///< Lower numbers look first; of equal ones, that with the lower id.
    bool isEnabled = true;
    GuardrailScope scope = GuardrailScope::Gateway;
    QStringList scopeIds; ///< Of organisations, teams or keys, or names of models; Gateway: none.
    EntityStamp stamp;

    bool operator==(const Guardrail &) const = default;

    /// Checks what a client may set, but for whether what it names is there. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("guardrail_id"_L1, &Guardrail::id),
            field("name"_L1, &Guardrail::name),
            field<NullWhenEmpty<QString>>("description"_L1, &Guardrail::description),
            field("type"_L1, &Guardrail::type),
            field("stage"_L1, &Guardrail::stage),
            field("action"_L1, &Guardrail::action),
            field("threshold"_L1, &Guardrail::threshold),
            field("entities"_L1, &Guardrail::entities),
            field("on_error"_L1, &Guardrail::onError),
            field("position"_L1, &Guardrail::position),
            field("enabled"_L1, &Guardrail::isEnabled),
            field("scope"_L1, &Guardrail::scope),
            field("scope_ids"_L1, &Guardrail::scopeIds),
            inlined(&Guardrail::stamp),
        };
    }
};

/// Returns the kinds of personal data, by Presidio's names.
[[nodiscard]] const QStringList &piiEntities();

} // namespace delta
