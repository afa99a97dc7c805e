// Turns the API description into the JSON that the gateway serves. Run by the build: yaml_to_json IN OUT.

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <exception>

namespace {

/// Returns what a plain scalar means by the core schema of YAML 1.2; a quoted one is a text.
QJsonValue scalarOf(const YAML::Node &node)
{
    const QString text = QString::fromStdString(node.Scalar());
    if (node.Tag() == "!") {
        return text;
    }
    if (text == QStringLiteral("true") || text == QStringLiteral("false")) {
        return text == QStringLiteral("true");
    }
    if (text == QStringLiteral("null")) {
        return QJsonValue::Null;
    }
    bool isWhole = false;
    const qlonglong whole = text.toLongLong(&isWhole);
    if (isWhole) {
        return whole;
    }
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? QJsonValue(number) : QJsonValue(text);
}

QJsonValue valueOf(const YAML::Node &node)
{
    switch (node.Type()) {
    case YAML::NodeType::Map: {
        QJsonObject object;
        for (const auto &member : node) {
            object.insert(QString::fromStdString(member.first.Scalar()), valueOf(member.second));
        }
        return object;
    }
    case YAML::NodeType::Sequence: {
        QJsonArray array;
        for (const auto &element : node) {
            array.append(valueOf(element));
        }
        return array;
    }
    case YAML::NodeType::Scalar:
        return scalarOf(node);
    default:
        return QJsonValue::Null;
    }
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 3) {
        std::fputs("usage: yaml_to_json IN OUT\n", stderr);
        return 2;
    }
    try {
        const QJsonObject document = valueOf(YAML::LoadFile(arguments[1])).toObject();
        QFile out(QString::fromLocal8Bit(arguments[2]));
        const QByteArray text = QJsonDocument(document).toJson(QJsonDocument::Compact);
        return out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.flush() ? 0
                                                                                               : 1;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s: %s\n", arguments[1], error.what());
        return 1;
    }
}
