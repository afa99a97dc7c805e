#include "gateway/config/yaml_reader.h"

#include "gateway/config/yaml_builder.h"

#include <QByteArrayView>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

Place placeOf(const YAML::Mark &mark)
{
    return {mark.line + 1, mark.column + 1};
}

/// Hands the events of yaml-cpp to the builder.
class EventAdapter final : public YAML::EventHandler
{
public:
    explicit EventAdapter(YamlBuilder &builder)
        : m_builder(builder)
    {
    }

    void OnDocumentStart(const YAML::Mark &mark) override
    {
        m_builder.beginDocument(placeOf(mark));
    }
    void OnDocumentEnd() override
    {
    }
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        m_builder.addNull({placeOf(mark), anchor});
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        m_builder.addAlias({placeOf(mark), anchor});
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        checkTag(tag, mark);
        // The parser calls untagged plain text "?" and untagged quoted text "!".
        const auto style = tag == "?" ? YamlBuilder::Style::Plain : YamlBuilder::Style::Quoted;
        m_builder.addScalar({placeOf(mark), anchor}, QString::fromStdString(value), style);
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        checkTag(tag, mark);
        m_builder.beginList({placeOf(mark), anchor});
    }
    void OnSequenceEnd() override
    {
        m_builder.endList();
    }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        checkTag(tag, mark);
        m_builder.beginMap({placeOf(mark), anchor});
    }
    void OnMapEnd() override
    {
        m_builder.endMap();
    }

private:
    void checkTag(std::string_view tag, const YAML::Mark &mark)
    {
        static constexpr std::array<std::string_view, 9> harmless{"",
                                                                  "?",
                                                                  "!",
                                                                  "tag:yaml.org,2002:str",
                                                                  "tag:yaml.org,2002:int",
                                                                  "tag:yaml.org,2002:float",
                                                                  "tag:yaml.org,2002:bool",
                                                                  "tag:yaml.org,2002:map",
                                                                  "tag:yaml.org,2002:seq"};
        if (std::ranges::find(harmless, tag) == harmless.end()) {
            m_builder.stop(placeOf(mark),
                           u"has a YAML tag; put a value that begins with ! in quotes"_s);
        }
    }

    YamlBuilder &m_builder;
};

bool isBinary(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return code == 0x7f || (code < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
}

/// Says what makes the bytes no UTF-8 text, or nothing. Line feeds never occur inside a UTF-8
/// sequence, so each line can be judged alone, and the line be named.
std::optional<Problem> checkEncoding(const QByteArray &bytes, const QString &file)
{
    int number = 0;
    for (qsizetype start = 0; start < bytes.size(); ++number) {
        const qsizetype found = bytes.indexOf('\n', start);
        const qsizetype end = found < 0 ? bytes.size() : found;
        const QByteArrayView line = QByteArrayView(bytes).sliced(start, end - start);
        start = end + 1;
        if (const auto bad = std::ranges::find_if(line, isBinary); bad != line.end()) {
            const Place place{number + 1, static_cast<int>(bad - line.begin()) + 1};
            return Problem{file, place, {}, u"is not a text file: it holds a control character"_s};
        }
        if (!line.isValidUtf8()) {
            return Problem{file, Place{number + 1, 1}, {}, u"is not UTF-8 text"_s};
        }
    }
    return std::nullopt;
}

/// Returns the text with a remark at its end, if that is blank. Behind blanks yaml-cpp takes the end
/// of the file for a quote that is missing, and swallows all keys in between; a remark it does not.
std::string closed(const QByteArray &bytes)
{
    constexpr QByteArrayView blanks = " \t\r\n";
    const bool isBlank = !bytes.isEmpty() && blanks.contains(bytes.back());
    const char *remark = bytes.endsWith('\n') ? "#" : "\n#";
    return bytes.toStdString() + (isBlank ? remark : "");
}

/// Says whether a line, counted from one, begins with blanks of which one is a tab.
bool isIndentedByTab(const QByteArray &bytes, int line)
{
    const QByteArray text = bytes.split('\n').value(line - 1);
    const auto end = std::ranges::find_if_not(text, [](char c) { return c == ' ' || c == '\t'; });
    return std::find(text.begin(), end, '\t') != end;
}

/// Says what the parser found wrong. What follows a colon quotes the file, and what looked like an
/// alias may be an unquoted password; so that part is left out.
Problem syntaxProblem(const YAML::Exception &error, const QByteArray &bytes, const QString &file)
{
    QString reason = QString::fromStdString(error.msg).section(u':', 0, 0).trimmed();
    if (reason.contains("anchor is not defined"_L1)) {
        reason = u"an alias without an anchor; put a value that begins with * in quotes"_s;
    } else if (reason.contains("EOF in scalar"_L1)) {
        reason = u"a quote is opened and never closed"_s;
    }
    const Place place = error.mark.is_null() ? Place() : placeOf(error.mark);
    if (isIndentedByTab(bytes, place.line)) {
        reason = u"a tab at the start of a line; YAML is indented with blanks"_s;
    }
    return Problem{file, place, {}, u"is not valid YAML: "_s + reason};
}

} // namespace

YamlDocument readYaml(const QByteArray &bytes, const QString &file)
{
    if (bytes.size() > maxFileBytes) {
        return {nullptr, {{file, {}, {}, u"is larger than 8 MiB"_s}}};
    }
    if (const auto problem = checkEncoding(bytes, file)) {
        return {nullptr, {*problem}};
    }
    YamlBuilder builder(file);
    try {
        std::istringstream stream(closed(bytes));
        YAML::Parser parser(stream);
        EventAdapter adapter(builder);
        while (parser.HandleNextDocument(adapter)) { }
        return {builder.root(), builder.problems()};
    } catch (const YamlBuilder::Stop &) {
        return {nullptr, builder.problems()};
    } catch (const YAML::Exception &error) {
        Problems problems = builder.problems();
        problems.push_back(syntaxProblem(error, bytes, file));
        return {nullptr, problems};
    } catch (const std::exception &) {
        return {nullptr, {{file, {}, {}, u"cannot be read as YAML"_s}}};
    }
}

} // namespace delta::config
