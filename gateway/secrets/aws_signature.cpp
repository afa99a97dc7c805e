#include "gateway/secrets/aws_signature.h"

#include <QByteArrayList>
#include <QCryptographicHash>
#include <QDateTime>
#include <QMessageAuthenticationCode>
#include <QTimeZone>

#include <algorithm>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

constexpr auto algorithm = "AWS4-HMAC-SHA256";

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray macOf(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

/// Returns the key of one day, region and service.
QByteArray signingKey(const AwsSigner &signer, const QByteArray &day)
{
    QByteArray key = macOf("AWS4" + signer.secretAccessKey.reveal(), day);
    for (const QByteArray &part : {signer.region, signer.service, QByteArray("aws4_request")}) {
        key = macOf(key, part);
    }
    return key;
}

/// The fields as they are signed: lower case, in order.
struct SignedFields {
    QByteArray lines; ///< "name:value", each with its line end.
    QByteArray names; ///< With semicolons between.
};

SignedFields signedFields(ports::HeaderList fields)
{
    for (auto &[name, value] : fields) {
        name = name.toLower();
        value = value.simplified();
    }
    std::ranges::sort(fields);
    SignedFields result;
    QByteArrayList names;
    for (const auto &[name, value] : fields) {
        result.lines += name + ':' + value + '\n';
        names.append(name);
    }
    result.names = names.join(';');
    return result;
}

} // namespace

ports::HeaderList awsSignature(const AwsSigner &signer, const AwsRequest &request, WallTime now)
{
    const QByteArray time = QDateTime::fromMSecsSinceEpoch(now.time_since_epoch().count(),
                                                           QTimeZone::UTC)
                                .toString(u"yyyyMMdd'T'hhmmss'Z'"_s)
                                .toLatin1();
    const QByteArray day = time.first(8);
    ports::HeaderList fields = request.fields;
    fields.emplace_back("x-amz-date", time);
    const SignedFields covered = signedFields(std::move(fields));
    const QByteArray canonical = request.method + '\n' + request.path + '\n' + request.query + '\n'
        + covered.lines + '\n' + covered.names + '\n' + hashOf(request.body);
    const QByteArray scope = day + '/' + signer.region + '/' + signer.service + "/aws4_request";
    const QByteArray toSign = QByteArray(algorithm) + '\n' + time + '\n' + scope + '\n'
        + hashOf(canonical);
    const QByteArray signature = macOf(signingKey(signer, day), toSign).toHex();
    return {{"x-amz-date", time},
            {"authorization",
             QByteArray(algorithm) + " Credential=" + signer.accessKeyId + '/' + scope
                 + ", SignedHeaders=" + covered.names + ", Signature=" + signature}};
}

} // namespace delta::secrets
