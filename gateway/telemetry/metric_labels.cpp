#include "gateway/telemetry/metric_labels.h"

#include <QString>

#include <vector>

namespace delta::telemetry {

namespace {

constexpr qsizetype longestValue = 128;
constexpr QByteArrayView unknown = "unknown";

/// Drops what follows the 128th UTF-16 unit, but never half a surrogate pair.
void truncate(QString &text)
{
    if (text.size() > longestValue) {
        text.truncate(text.at(longestValue - 1).isHighSurrogate() ? longestValue - 1
                                                                  : longestValue);
    }
}

QByteArray valueOf(const SpendEntry &entry, CallLabel label)
{
    switch (label) {
    case CallLabel::Model:
        return labelValue(
            entry.deploymentId.isEmpty() ? QByteArrayView() : QByteArrayView(entry.model), unknown);
    case CallLabel::ApiProvider:
        return labelValue(entry.provider, unknown);
    case CallLabel::ApiKey:
        return labelValue(entry.keyId, unknown);
    case CallLabel::User:
        return labelValue(entry.userId, "anonymous");
    case CallLabel::Team:
        return labelValue(entry.teamId, "default");
    case CallLabel::StatusCode:
        return QByteArray::number(entry.status);
    case CallLabel::ErrorType:
    case CallLabel::ErrorCode:
        return labelValue(entry.errorCode, enumName(entry.outcome));
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace

QByteArray labelValue(QByteArrayView text, QByteArrayView whenBlank)
{
    QString clean = QString::fromUtf8(text);
    for (QChar &c : clean) {
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator
            || c == QChar::ParagraphSeparator) {
            c = QLatin1Char(' ');
        }
    }
    clean = std::move(clean).trimmed();
    truncate(clean);
    if (clean.isEmpty()) {
        return whenBlank.toByteArray();
    }
    // Line feeds would need an escape too, but none is left.
    return clean.toUtf8().replace('\\', "\\\\").replace('"', "\\\"");
}

QByteArray labelText(std::span<const std::pair<QByteArrayView, QByteArrayView>> labels)
{
    QByteArray text;
    for (const auto &[name, value] : labels) {
        if (!text.isEmpty()) {
            text += ',';
        }
        text.append(name).append("=\"").append(value).append('"');
    }
    return text;
}

QByteArray labelsOf(const SpendEntry &entry, CallMetric metric)
{
    QByteArray text;
    for (const CallLabel label : specOf(metric).labels) {
        const QByteArray value = valueOf(entry, label);
        const std::array pair{std::pair<QByteArrayView, QByteArrayView>(nameOf(label), value)};
        text.append(text.isEmpty() ? "" : ",").append(labelText(pair));
    }
    return text;
}

QByteArray otherLabels(CallMetric metric)
{
    std::vector<std::pair<QByteArrayView, QByteArrayView>> labels;
    for (const CallLabel label : specOf(metric).labels) {
        labels.emplace_back(nameOf(label), "other");
    }
    return labelText(labels);
}

} // namespace delta::telemetry
