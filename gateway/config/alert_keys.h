#pragma once

#include "gateway/alerts/alert_settings.h"
#include "gateway/config/config_draft.h"
#include "gateway/config/read_value.h"
#include "gateway/config/value.h"

namespace delta::config {

/// Reads general_settings.alerting, LiteLLM's list of channels: "slack", "webhook", "email". What
/// general_settings.alerts does not say of them comes from the environment, under LiteLLM's names.
void readAlerting(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Reports settings of alerts that are right one by one and wrong together. `root` is the whole file.
void checkAlerts(const Value &root, const alerts::AlertSettings &alerts);

} // namespace delta::config
