// Turns the API description into the JSON that the gateway serves. Run by the build: yaml_to_json IN OUT.
// Members keep their order, which is that of the page and of the tests.

#include <QByteArray>
#include <QByteArrayList>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QString>
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <exception>
#include <string>

namespace {

QByteArray quotedText(const std::string &text)
{
    const QByteArray array =
        QJsonDocument(QJsonArray{QString::fromStdString(text)}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2);
}

/// Returns what a plain scalar means by the core schema of YAML 1.2; a quoted one is a text.
QByteArray scalarOf(const YAML::Node &node)
{
    const QByteArray text = QByteArray::fromStdString(node.Scalar());
    bool isNumber = false;
    [[maybe_unused]] const double number = text.toDouble(&isNumber);
    const bool isWord = text == "true" || text == "false" || text == "null";
    return node.Tag() != "!" && (isNumber || isWord) ? text : quotedText(node.Scalar());
}

QByteArray jsonOf(const YAML::Node &node)
{
    QByteArrayList parts;
    switch (node.Type()) {
    case YAML::NodeType::Map:
        for (const auto &member : node) {
            parts.append(quotedText(member.first.Scalar()) + ':' + jsonOf(member.second));
        }
        return '{' + parts.join(',') + '}';
    case YAML::NodeType::Sequence:
        for (const auto &element : node) {
            parts.append(jsonOf(element));
        }
        return '[' + parts.join(',') + ']';
    case YAML::NodeType::Scalar:
        return scalarOf(node);
    default:
        return "null";
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
        const QByteArray text = jsonOf(YAML::LoadFile(arguments[1]));
        QFile out(QString::fromLocal8Bit(arguments[2]));
        return out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.flush() ? 0
                                                                                               : 1;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s: %s\n", arguments[1], error.what());
        return 1;
    }
}
