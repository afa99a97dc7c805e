#include "gateway/config/config_checks.h"

#include "gateway/config/alert_keys.h"
#include "gateway/config/budget_keys.h"
#include "gateway/config/hook_keys.h"
#include "gateway/config/jwt_keys.h"
#include "gateway/config/mail_keys.h"
#include "gateway/config/model_draft.h"
#include "gateway/config/nearest_value.h"
#include "gateway/config/sso_keys.h"
#include "shared/core/nearest_name.h"
#include "shared/core/quoted.h"

#include <QSet>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

void checkTls(const Value &root, const http::EdgeSettings &edge)
{
    if (edge.tlsCertificateFile.isEmpty() == edge.tlsKeyFile.isEmpty()) {
        return;
    }
    const bool lacksKey = edge.tlsKeyFile.isEmpty();
    const QString given = lacksKey ? u"tls_certificate_file"_s : u"tls_key_file"_s;
    const QString missing = lacksKey ? u"tls_key_file"_s : u"tls_certificate_file"_s;
    nearestValue(root, {u"general_settings"_s, u"server"_s, given})
        .fail(u"needs %1 as well"_s.arg(missing));
}

/// One body of the largest size must find room among the bodies that arrive. It is an error only
/// where it was asked for: the default follows the larger body.
void checkBodies(const Value &root, http::EdgeSettings &edge)
{
    if (edge.maxBufferedBodyBytes == 0 || edge.maxBufferedBodyBytes >= edge.maxBodyBytes) {
        return;
    }
    const Value value = nearestValue(
        root, {u"general_settings"_s, u"server"_s, u"max_buffered_body_bytes"_s});
    if (value.node().kind == YamlNode::Kind::Scalar) {
        value.fail(u"is less than max_body_bytes; 0 is no limit"_s);
    }
    edge.maxBufferedBodyBytes = edge.maxBodyBytes;
}

/// A pool keeps at most as many connections as it may have. It is an error only where it was asked
/// for: the default follows the lower limit.
void checkPool(const Value &root, net::UpstreamSettings &upstream)
{
    if (upstream.maxIdlePerOrigin <= upstream.maxConnectionsPerOrigin) {
        return;
    }
    const Value value = nearestValue(
        root, {u"general_settings"_s, u"upstream_http_max_keepalive_connections"_s});
    if (value.node().kind == YamlNode::Kind::Scalar) {
        value.fail(u"is more than upstream_http_max_connections"_s);
    }
    upstream.maxIdlePerOrigin = upstream.maxConnectionsPerOrigin;
}

/// A file may ask for providers that are not supported yet. Whoever else it asks for is served; it
/// is refused only if nobody is left.
void checkLeftOut(const ConfigDraft &draft)
{
    const bool isAnyLeft = !draft.config.endpoints.empty();
    for (const LeftOut &entry : draft.leftOut) {
        if (isAnyLeft) {
            entry.value.warn(entry.reason + u"; this deployment is left out"_s);
        } else {
            entry.value.fail(entry.reason);
        }
    }
}

void checkAliases(const ConfigDraft &draft)
{
    QStringList models;
    for (const ports::Endpoint &endpoint : draft.config.endpoints) {
        models += endpoint.deployment.modelName;
    }
    const QSet<QString> known(models.cbegin(), models.cend());
    for (const Alias &alias : draft.aliases) {
        const bool isLeftOut = std::ranges::contains(draft.leftOut, alias.model,
                                                     &LeftOut::modelName);
        if (!known.contains(alias.model) && isLeftOut) {
            alias.value.warn(u"has no effect: every deployment of its model is left out"_s);
        } else if (!known.contains(alias.model)) {
            const QString nearest = nearestName(alias.model, models);
            const QString hint = nearest.isEmpty() ? QString()
                                                   : u"; did you mean \"%1\"?"_s.arg(nearest);
            alias.value.fail(u"%1 is no model_name of model_list"_s.arg(quoted(alias.model))
                             + hint);
        }
        if (known.contains(alias.name)) {
            alias.value.warn(u"hides the model of the same name"_s);
        }
    }
}

} // namespace

void checkTogether(const Value &root, ConfigDraft &draft)
{
    ModelDraft unnamed;
    resolveTimeouts(unnamed, draft);
    draft.config.timeouts = unnamed.endpoint.timeouts;
    draft.config.streamTimeouts = unnamed.endpoint.streamTimeouts;
    checkTls(root, draft.config.edge);
    checkBodies(root, draft.config.edge);
    checkPool(root, draft.config.upstream);
    checkAlerts(root, draft.config.alerts);
    checkJwt(root, draft.config.jwt);
    checkHook(root, draft.config.authHook);
    checkSso(root, draft.config.sso);
    checkMail(root, draft.config);
    // An entry of model_list that could not be read would make its aliases look wrong too.
    if (root.reading().errors.empty()) {
        checkLeftOut(draft);
        checkAliases(draft);
        checkBudgets(draft);
    }
}

} // namespace delta::config
