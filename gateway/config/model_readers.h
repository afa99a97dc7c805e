#pragma once

#include "gateway/config/model_draft.h"
#include "gateway/config/read_value.h"

namespace delta::config {

// The readers of those keys of `model_list` that take more than a value of some type.

/// Takes a name that goes into logs, reports and URLs.
void readModelName(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes `deployment_id`, or the `id` of `model_info`.
void readDeploymentId(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes "provider/name", or a name alone.
void readModel(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes an http or https URL without credentials, query and fragment.
void readApiBase(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes the name of a header field that the gateway does not write itself.
void readAuthHeaderName(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes a header value with `{api_key}` in it once.
void readAuthHeaderFormat(const Value &value, const Limits &limits, ModelDraft &draft);
void readOrganization(const Value &value, const Limits &limits, ModelDraft &draft);
/// Takes a price under the key's own name; what is read later wins.
void readPrice(const Value &value, const Limits &limits, ModelDraft &draft);

} // namespace delta::config
