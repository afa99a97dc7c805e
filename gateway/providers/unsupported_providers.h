#pragma once

#include <QStringView>

namespace delta::providers {

/// Says whether this is a provider of LiteLLM that the gateway has no row for: one with an API of
/// its own, or one whose address is not known. What stands before the slash of its models is then
/// not taken for a part of a name, which would call another API than the one that is meant.
/// Source: the provider names of LiteLLM's configuration files. One that is missing here passes, beside
/// an api_base, for a part of the model's name.
[[nodiscard]] bool isUnsupportedProvider(QStringView name);

} // namespace delta::providers
