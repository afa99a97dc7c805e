#include "gateway/admin/contract/csv_text.h"

#include "shared/json/value_codec.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// Writes a number in plain digits: many a spreadsheet takes "4e-05" for a text.
QString plainNumber(const QJsonValue &value)
{
    const QString text = numberText(value).value_or(QString());
    if (!text.contains(u'e')) {
        return text;
    }
    constexpr int decimals = 12; // Of money there are nine.
    QString plain = QString::number(value.toDouble(), 'f', decimals);
    while (plain.endsWith(u'0')) {
        plain.chop(1);
    }
    return plain.endsWith(u'.') ? plain.chopped(1) : plain;
}

QString textOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double:
        return plainNumber(value);
    case QJsonValue::String:
        return value.toString();
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return {};
}

/// OWASP, "CSV Injection": also what is not the first thing to be seen, and the wide forms that a spreadsheet in
/// Japanese takes for the others.
bool looksLikeFormula(const QString &text)
{
    return !text.isEmpty() && u"=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20"_s.contains(text.front());
}

} // namespace

QByteArray csvCell(const QJsonValue &value)
{
    QString text = textOf(value);
    if (value.isString() && looksLikeFormula(text)) {
        text.prepend(u'\'');
    }
    const bool isPlain = !text.contains(u',') && !text.contains(u'"') && !text.contains(u'\n')
        && !text.contains(u'\r');
    return isPlain ? text.toUtf8() : '"' + text.replace(u'"', u"\"\""_s).toUtf8() + '"';
}

QByteArray csvHead(const QStringList &columns)
{
    return columns.join(u',').toUtf8() + "\r\n";
}

QByteArray csvLine(const QJsonObject &object, const QStringList &columns)
{
    QByteArrayList cells;
    for (const QString &column : columns) {
        cells.append(csvCell(object.value(column)));
    }
    return cells.join(',') + "\r\n";
}

} // namespace delta::admin
