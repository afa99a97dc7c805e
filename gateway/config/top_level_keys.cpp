#include "gateway/config/key_tables.h"
#include "gateway/config/model_list.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Adds variables for the references of this file. They win over those of the process.
void readVariables(const Value &value, const Limits &, ConfigDraft &)
{
    if (value.node().kind != YamlNode::Kind::Map) {
        failKind(value, "a map of variable names to texts"_L1);
        return;
    }
    QProcessEnvironment extended = value.reading().environment;
    for (const YamlNode::Entry &entry : value.node().entries) {
        const Value item = value.at(entry);
        if (const auto text = item.text()) {
            extended.insert(entry.key, *text);
            value.reading().holdsSecrets |= !item.isReferenced();
        }
    }
    value.reading().environment = extended;
}

constexpr std::array topLevelKeys{
    Key<ConfigDraft>{
        .name = "environment_variables"_L1,
        .meaning = "Variables for os.environ/ references; they win over the process's."_L1,
        .type = "map of texts"_L1,
        .read = readVariables},
    section("general_settings"_L1, "The gateway itself."_L1, generalTable),
    alsoKnownAs("litellm_settings"_L1,
                section("deltallm_settings"_L1, "What happens to calls."_L1, deltallmTable)),
    section("router_settings"_L1, "How a deployment is chosen."_L1, routerTable),
    Key<ConfigDraft>{.name = "model_list"_L1,
                     .meaning = "The deployments; those with one model_name are one group."_L1,
                     .type = "list"_L1,
                     .read = readModelList},
};

constexpr std::array topLevelIdleKeys{
    IdleKeys{Effect::NoEffectYet, "guardrails and policies are NOT ENFORCED"_L1,
             "guardrails policies policy_attachments"_L1},
    IdleKeys{Effect::NoEffectYet, "calls are not sent to logging services yet"_L1,
             "callback_settings"_L1},
    IdleKeys{Effect::NoEffectYet, "named credentials are of deployments of the admin API"_L1,
             "credential_list"_L1},
    IdleKeys{Effect::NoEffectYet, "other files are not read yet"_L1, "include"_L1},
    IdleKeys{Effect::NoEffectYet, "tools and prompts are not served yet"_L1,
             "mcp_servers mcp_tools prompts search_tools vector_store_registry agent_list"_L1},
    IdleKeys{Effect::NoEffectYet, "files and batches are not implemented yet"_L1,
             "files_settings finetune_settings assistant_settings"_L1},
};

} // namespace

constinit const Table<ConfigDraft> topLevelTable{topLevelKeys, topLevelIdleKeys};

} // namespace delta::config
