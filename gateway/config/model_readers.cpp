#include "gateway/config/model_readers.h"

#include "gateway/net/header_rules.h"
#include "shared/core/quoted.h"
#include "shared/models/pico_usd.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Takes a name that goes into logs, reports and URLs.
void readName(const Value &value, QString &target)
{
    constexpr qsizetype longest = 256;
    const auto text = value.text();
    if (!text) {
        return;
    }
    if (text->trimmed() != *text || text->isEmpty() || text->size() > longest
        || hasUnprintable(*text)) {
        value.fail(
            u"must be 1 to %1 printable characters without blanks around them"_s.arg(longest));
        return;
    }
    target = *text;
}

} // namespace

void readModelName(const Value &value, const Limits &, ModelDraft &draft)
{
    readName(value, draft.endpoint.deployment.modelName);
}

void readDeploymentId(const Value &value, const Limits &, ModelDraft &draft)
{
    readName(value, draft.endpoint.deployment.id);
}

void readModel(const Value &value, const Limits &limits, ModelDraft &draft)
{
    read(value, limits, draft.model);
    draft.params.insert_or_assign(u"model"_s, value);
}

void readApiBase(const Value &value, const Limits &, ModelDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    // No message shows the URL: it may hold a password.
    const QUrl url(*text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()
        || (url.scheme() != "https"_L1 && url.scheme() != "http"_L1)) {
        value.fail(u"must be a URL such as https://api.example.com/v1"_s);
    } else if (!url.userInfo().isEmpty()) {
        value.fail(u"must not hold a user name or password; use api_key or extra_headers"_s);
    } else if (url.hasQuery() || url.hasFragment()) {
        value.fail(u"must not hold a query or a fragment"_s);
    } else {
        draft.endpoint.deployment.apiBase = *text;
        draft.params.insert_or_assign(u"api_base"_s, value);
    }
}

void readAuthHeaderName(const Value &value, const Limits &limits, ModelDraft &draft)
{
    read(value, limits, draft.endpoint.authHeaderName);
    const QByteArray &name = draft.endpoint.authHeaderName;
    if (const QString fault = name.isEmpty() ? QString() : net::headerNameFault(name);
        !fault.isEmpty()) {
        value.fail(fault);
    }
}

void readAuthHeaderFormat(const Value &value, const Limits &limits, ModelDraft &draft)
{
    QByteArray format;
    read(value, limits, format);
    if (format.isEmpty()) {
        return;
    }
    constexpr QByteArrayView placeholder = "{api_key}";
    const qsizetype place = format.indexOf(placeholder);
    QByteArray rest = format;
    if (place >= 0) {
        rest.remove(place, placeholder.size());
    }
    if (place < 0 || rest.contains('{') || rest.contains('}') || !net::isHeaderValue(format)) {
        value.fail(u"must hold {api_key} once, and no other braces or control characters"_s);
        return;
    }
    draft.endpoint.authHeaderFormat = format;
}

void readOrganization(const Value &value, const Limits &limits, ModelDraft &draft)
{
    QByteArray organization;
    read(value, limits, organization);
    if (!net::isHeaderValue(organization)) {
        value.fail(u"holds a control character"_s);
        return;
    }
    draft.endpoint.organization = organization;
}

void readPrice(const Value &value, const Limits &, ModelDraft &draft)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    if (const auto price = fromUsdPerUnit(*text); !price) {
        value.fail(u"%1, not %2"_s.arg(price.error(), value.shown()));
        return;
    }
    draft.prices.insert_or_assign(value.name(), value);
}

} // namespace delta::config
