#include "tests/architecture/rules.h"

#include <QRegularExpression>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

/// Adds a finding for each place where the pattern occurs.
void search(const SourceFile &file, const QString &text, const QRegularExpression &pattern,
            Findings &findings)
{
    for (auto match = pattern.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        findings.push_back(
            {file.path, lineAt(text, found.capturedStart()), found.captured().simplified()});
    }
}

bool isAboutMoney(const SourceFile &file)
{
    static const QRegularExpression name(u"/(money|decimal|pico_usd|pricing)\\.(h|cpp)$"_s);
    return file.isIn(u"shared/billing"_s) || file.isIn(u"gateway/ledger"_s)
        || name.match(file.path).hasMatch();
}

/// Returns the code without the one provider name that is also the name of a wire format of ours:
/// #include lines, the namespace and its uses, and what people call the format.
QString withoutWireFormatName(const SourceFile &file)
{
    static const QRegularExpression legitimate(
        u"^[ \\t]*#[ "
        u"\\t]*include[^\\n]*|\\bopenai::|\\bnamespace\\s+(delta::)?openai\\b|\\bdelta::openai\\b"
        u"|\\bOpenAI-compatible\\b"_s,
        QRegularExpression::MultilineOption);
    QString code = file.code;
    for (auto match = legitimate.globalMatch(file.code); match.hasNext();) {
        const auto found = match.next();
        code.replace(found.capturedStart(), found.capturedLength(),
                     QString(found.capturedLength(), u' '));
    }
    return code;
}

/// Returns the code without the names of secret managers, one of whose makers is a provider too: what they and
/// their settings are called is theirs to say, as it is a provider's.
QString withoutSecretManagers(const SourceFile &file)
{
    static const QRegularExpression legitimate(u"\\bAzureKeyVault\\b|\\bazure\\.keyvault\\b|"
                                               u"\\bAZURE_[A-Z_]+\\b|\\bvault\\.azure\\.(net|cn)\\b"
                                               u"|\\bAzure Key Vault\\b|\\bof Azure\\b"_s);
    QString code = withoutWireFormatName(file);
    return code.remove(legitimate);
}

} // namespace

Findings singletons(const SourceTree &tree)
{
    static const QRegularExpression instance(u"\\b\\w+::instance\\s*\\("_s);
    static const QRegularExpression allowedInNet(
        u"^Q(CoreApplication|AbstractEventDispatcher)::"_s);
    Findings findings;
    for (const SourceFile *file : tree.production()) {
        search(*file, file->bare, instance, findings);
    }
    std::erase_if(findings, [](const Finding &finding) {
        return finding.path.startsWith(u"gateway/net/")
            && allowedInNet.match(finding.what).hasMatch();
    });
    return findings;
}

Findings debugOutput(const SourceTree &tree)
{
    static const QRegularExpression debug(u"\\bqDebug\\b|\\bqCDebug\\b"_s);
    Findings findings;
    for (const SourceFile *file : tree.cpp()) {
        search(*file, file->bare, debug, findings);
    }
    return findings;
}

Findings floatsNearMoney(const SourceTree &tree)
{
    static const QRegularExpression floating(u"\\b(double|float|qreal)\\b|\\b\\d[\\d']*\\.\\d"_s);
    Findings findings;
    for (const SourceFile *file : tree.production()) {
        if (isAboutMoney(*file)) {
            search(*file, file->bare, floating, findings);
        }
    }
    return findings;
}

Findings providerNames(const SourceTree &tree)
{
    static const QRegularExpression provider(u"openai|anthropic|azure|gemini|vertex_?ai|bedrock|"
                                             u"groq|mistral|cohere\\b|deepseek|fireworks|openrouter"
                                             "|perplexity|ollama|together_?ai|hugging_?face"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    Findings findings;
    for (const SourceFile *file : tree.production()) {
        // The texts of the configuration's readers are the vocabulary of a file that others defined.
        if (file->isIn(u"gateway/config"_s)) {
            search(*file, file->bare, provider, findings);
        } else if (file->isIn(u"gateway/secrets"_s)) {
            search(*file, withoutSecretManagers(*file), provider, findings);
        } else if (!file->isIn(u"gateway/providers"_s)) {
            search(*file, withoutWireFormatName(*file), provider, findings);
        }
    }
    return findings;
}

/// In documents, a marker between backticks is only spoken of.
Findings unfinishedWork(const SourceTree &tree)
{
    // Written in two parts, or this file would be its own finding.
    static const QRegularExpression marker(u"(?<!`)\\b(TO"
                                           u"DO|FIX"
                                           u"ME|XX"
                                           u"X)\\b(?!`)"_s);
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        search(file, file.text, marker, findings);
    }
    return findings;
}

Findings pathsOutsideTheProject(const SourceTree &tree)
{
    static const QRegularExpression path(u"\\.\\./"
                                         u"shared\\b|(?<![\\w.~$}>*-])/wo"
                                         u"rk/"_s);
    Findings findings;
    for (const SourceFile &file : tree.files()) {
        search(file, file.text, path, findings);
    }
    return findings;
}

} // namespace delta::architecture
