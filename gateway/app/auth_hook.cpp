#include "gateway/app/auth_hook.h"

#include "gateway/net/side_caller.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

net::SideRequest questionAbout(const Secret &credential, const auth::HookSettings &settings)
{
    // Nothing of the request but this: the answer is remembered, and holds for whatever comes with the credential.
    const QJsonObject body{{u"credential"_s, QString::fromLatin1(credential.reveal())}};
    net::SideRequest question{
        "POST",
        Secret(settings.url),
        {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
        Secret(QJsonDocument(body).toJson(QJsonDocument::Compact))};
    if (!settings.key.isEmpty()) {
        question.fields.emplace_back("Authorization", "Bearer " + settings.key.reveal());
    }
    return question;
}

std::expected<QByteArray, QString> textOf(const net::SideAnswer &answer)
{
    if (answer.status != 200) {
        return std::unexpected(u"it answered %1"_s.arg(answer.status));
    }
    return answer.body.reveal();
}

} // namespace

auth::HookAuthenticator::Ask hookAsker(const auth::HookSettings &settings)
{
    return [settings](const Secret &credential,
                      const std::stop_token &stop) -> std::expected<QByteArray, QString> {
        return net::SideCaller({settings.timeout, settings.caFile}, stop)
            .ask(questionAbout(credential, settings))
            .transform_error([](const net::SideCallFailure &failure) { return failure.reason; })
            .and_then(textOf);
    };
}

} // namespace delta::app
