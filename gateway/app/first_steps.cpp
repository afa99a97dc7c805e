#include "gateway/app/first_steps.h"

#include "gateway/app/version.h"

#include <algorithm>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

QString secretLine(const QString &name, const Secret &secret, const QString &what)
{
    return secret.isEmpty()
        ? QString()
        : u"  %1  %2   %3\n"_s.arg(name, -14).arg(QString::fromLatin1(secret.reveal()), what);
}

/// What the operator is told of the secrets; empty if there are none.
QString secretText(const FirstSteps &steps)
{
    if (!steps.secrets) {
        return {};
    }
    return steps.secretsFile.isEmpty()
        ? u"\nThese secrets are shown this once. Keep them:\n"_s + secretLines(*steps.secrets)
        : u"\nThe first secrets are in %1: keep them, and remove the file.\n"_s.arg(
              steps.secretsFile);
}

/// What stands behind "http://" for somebody on this machine.
QString authorityOf(const http::ListenAddress &address)
{
    const QString host = address.host.isEmpty() ? u"127.0.0.1"_s
                                                : QString::fromLatin1(address.host);
    // The zone of a link-local address is written with an escaped percent sign (RFC 6874).
    const QString escaped = QString(host).replace(u'%', u"%25"_s);
    return (host.contains(u':') ? u"[%1]:%2"_s : u"%1:%2"_s).arg(escaped).arg(address.port);
}

/// The model to try: the built-in one, which needs nothing, or the first there is.
QString modelToTry(const std::vector<QByteArray> &models)
{
    const bool hasDemo = std::ranges::find(models, "demo") != models.end();
    return hasDemo || models.empty() ? u"demo"_s : QString::fromUtf8(models.front());
}

} // namespace

QString secretLines(const FirstSecrets &secrets)
{
    return secretLine(u"master key"_s, secrets.masterKey, u"administers everything"_s)
        + secretLine(u"admin password"_s, secrets.adminPassword,
                     u"of \"admin\", for the admin API and its consoles"_s)
        + secretLine(u"virtual key"_s, secrets.virtualKey, u"may call every model"_s);
}

QString FirstSteps::toText() const
{
    const bool isEverywhere = address.host.isEmpty();
    const QString base = u"%1://%2"_s.arg(scheme, authorityOf(address));
    const bool hasKey = secrets && secretsFile.isEmpty() && !secrets->virtualKey.isEmpty();
    const QString key = hasKey ? QString::fromLatin1(secrets->virtualKey.reveal())
                               : u"$DELTALLM_KEY"_s;
    QString text = u"DeltaLLM %1 listens on %2%3\n"_s.arg(
        QString::fromLatin1(versionText), base,
        isEverywhere ? u" and every other address of this machine"_s : QString());
    text += u"Configuration: %1\n"_s.arg(configuration.isEmpty() ? u"none, built-in models"_s
                                                                 : configuration);
    text += secretText(*this);
    text += u"\nTry it%1:\n"_s.arg(hasKey ? QString()
                                          : u" (with a key from `deltallm-gateway keys create`)"_s);
    text += u"  curl %1/v1/chat/completions \\\n"_s.arg(base);
    text += u"    -H \"Authorization: Bearer %1\" -H \"Content-Type: application/json\" \\\n"_s.arg(
        key);
    text +=
        u"    -d '{\"model\":\"%1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, gateway!\"}]}'\n"_s
            .arg(modelToTry(models));
    return text;
}

} // namespace delta::app
