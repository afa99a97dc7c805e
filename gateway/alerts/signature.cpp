#include "gateway/alerts/signature.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <chrono>

namespace delta::alerts {

QByteArray signatureOf(QByteArrayView body, const Secret &secret, WallTime now)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const QByteArray time = QByteArray::number(qint64(seconds));
    QMessageAuthenticationCode code(QCryptographicHash::Sha256, secret.reveal());
    code.addData(time);
    code.addData(".");
    code.addData(body);
    return "t=" + time + ",v1=" + code.result().toHex();
}

} // namespace delta::alerts
