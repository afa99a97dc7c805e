#pragma once

#include "gateway/config/config_draft.h"
#include "gateway/config/value.h"
#include "gateway/ports/endpoint.h"

#include <chrono>
#include <map>
#include <optional>

namespace delta::config {

/// An entry of `model_list` while it is read. `model_info` is read after the params, so that what
/// both say is taken from `model_info`.
struct ModelDraft {
    ports::Endpoint endpoint;
    QString model;     ///< As configured: "provider/name" or a name alone.
    QString mode;      ///< What it does, by LiteLLM's names; empty: not said.
    QString baseModel; ///< Whose price it has, in the same form; empty: its own.
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> streamTimeout;
    std::optional<bool> allowsUnpriced;
    std::map<QString, Value> prices; ///< By key, e.g. "input_cost_per_token".
    std::map<QString, Value> params; ///< Those that only the whole endpoint can judge, by key.
};

/// Says how long calls may take: the model's own timeouts, or else those of the whole file.
void resolveTimeouts(ModelDraft &draft, const ConfigDraft &config);

/// Makes an endpoint of an entry that was read without errors, and puts it into the configuration
/// or among what is left out. Reports what its values are as a whole.
void finishModel(const Value &entry, ModelDraft draft, ConfigDraft &config);

} // namespace delta::config
