#include "tests/architecture/scope_scanner.h"

#include "tests/architecture/source_tree.h"

#include <QRegularExpression>
#include <QStringList>

#include <optional>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

/// Returns the offset behind the bracket that closes the one at `open`.
qsizetype matchingEnd(const QString &text, qsizetype open, QChar closing)
{
    int depth = 0;
    for (qsizetype index = open; index < text.size(); ++index) {
        depth += text[index] == text[open] ? 1 : 0;
        depth -= text[index] == closing ? 1 : 0;
        if (depth == 0) {
            return index + 1;
        }
    }
    return text.size();
}

/// Removes what may stand before a declaration: access labels, attributes, template heads and their
/// constraints.
QString withoutPrelude(QString head)
{
    static const QRegularExpression label(
        u"^(public|private|protected)(\\s+Q_SLOTS)?\\s*:(?!:)|^Q_SIGNALS\\s*:"
        "|^Q_(OBJECT|GADGET)\\b|^\\[\\[[^\\]]*\\]\\]"_s);
    while (true) {
        head = head.trimmed();
        if (const auto match = label.match(head); match.hasMatch()) {
            head = head.sliced(match.capturedEnd());
        } else if (const qsizetype angle = head.indexOf(u'<');
                   angle >= 0 && head.first(angle).trimmed() == u"template") {
            head = head.sliced(matchingEnd(head, angle, u'>'));
        } else if (const qsizetype open = head.indexOf(u'(');
                   open >= 0 && head.first(open).trimmed() == u"requires") {
            head = head.sliced(matchingEnd(head, open, u')'));
        } else {
            return head;
        }
    }
}

/// Says whether the head is that of a function: parameters, then at most qualifiers and
/// initialisers.
bool isFunctionHead(const QString &head)
{
    static const QRegularExpression tail(u"\\)(\\s*(const|volatile|noexcept(\\s*\\([^)]*\\))?|"
                                         u"override|final|mutable|try|&&?|->[^(){}"
                                         u"=]*|requires\\b.*))*"
                                         "(\\s*:(?!:).*)?$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    return tail.match(head).hasMatch();
}

/// Says whether the brace after this head initialises a member in a constructor's list.
bool isMemberInitializer(const QString &head)
{
    static const QRegularExpression list(u"\\)\\s*(noexcept\\s*)?:(?!:).*[\\w>]\\s*$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    return list.match(head).hasMatch();
}

ScopeKind kindOf(const QString &head)
{
    static const QRegularExpression name(u"^(inline\\s+)?namespace\\b|^extern\\s*\"\\s*\""_s);
    static const QRegularExpression enumeration(u"^enum\\b"_s);
    static const QRegularExpression type(u"^(class|struct|union)\\b"_s);
    if (name.match(head).hasMatch()) {
        return ScopeKind::Namespace;
    }
    if (enumeration.match(head).hasMatch()) {
        return ScopeKind::Enumeration;
    }
    if (type.match(head).hasMatch()) {
        return ScopeKind::Type;
    }
    return isFunctionHead(head) ? ScopeKind::Function : ScopeKind::Other;
}

/// Walks over one text.
class Scanner
{
public:
    explicit Scanner(const QString &bare)
        : m_text(bare)
    {
    }

    std::vector<Scope> scan()
    {
        for (qsizetype index = 0; index < m_text.size();) {
            const QChar c = m_text[index];
            if (c == u'{') {
                index = open(index);
                continue;
            }
            if (c == u'}' && !m_open.empty()) {
                close(index);
            }
            ++index;
            if (c == u';' || c == u'}') {
                m_headBegin = index;
            }
        }
        return std::move(m_scopes);
    }

private:
    /// Handles an opening brace and returns where to go on.
    qsizetype open(qsizetype brace)
    {
        const QString raw = m_text.sliced(m_headBegin, brace - m_headBegin);
        const QString head = withoutPrelude(raw.simplified());
        if (isMemberInitializer(head)) {
            return matchingEnd(m_text, brace, u'}');
        }
        Scope scope;
        scope.kind = kindOf(head);
        scope.parent = m_open.empty() ? ScopeKind::Namespace : m_scopes[m_open.back()].kind;
        scope.head = head;
        scope.firstLine = lineAt(m_text, firstWordOf(brace));
        const bool isLeaf = scope.kind != ScopeKind::Namespace && scope.kind != ScopeKind::Type;
        if (isLeaf) {
            const qsizetype end = matchingEnd(m_text, brace, u'}');
            scope.lastLine = lineAt(m_text, end - 1);
            m_scopes.push_back(scope);
            // `T x{1};` and `= {…}` go on with the same declaration.
            m_headBegin = scope.kind == ScopeKind::Other ? m_headBegin : end;
            return end;
        }
        m_scopes.push_back(scope);
        m_open.push_back(m_scopes.size() - 1);
        m_headBegin = brace + 1;
        return brace + 1;
    }

    void close(qsizetype brace)
    {
        m_scopes[m_open.back()].lastLine = lineAt(m_text, brace);
        m_open.pop_back();
    }

    /// Returns where the declaration before the brace begins, access labels left out.
    [[nodiscard]] qsizetype firstWordOf(qsizetype brace) const
    {
        static const QRegularExpression begin(
            u"\\G(\\s|(public|private|protected)(\\s+Q_SLOTS)?\\s*:(?!:)|Q_SIGNALS\\s*:|Q_OBJECT\\b|Q_GADGET\\b)*"_s);
        const auto match = begin.match(m_text, m_headBegin);
        return qMin(match.hasMatch() ? match.capturedEnd() : m_headBegin, brace);
    }

    const QString m_text;
    std::vector<Scope> m_scopes;
    std::vector<std::size_t> m_open; ///< Indexes of the scopes that enclose the place.
    qsizetype m_headBegin = 0;       ///< Where the present declaration begins.
};

/// Returns a function's parameters, or nothing if the head has none.
std::optional<QString> parametersOf(const QString &head)
{
    qsizetype open = head.indexOf(u'(');
    if (open < 0) {
        return std::nullopt;
    }
    if (head.first(open).trimmed().endsWith(u"operator")) {
        open = head.indexOf(u'(', open + 1);
    }
    return head.sliced(open + 1, matchingEnd(head, open, u')') - open - 2).trimmed();
}

} // namespace

QString Scope::functionName() const
{
    static const QRegularExpression name(
        u"((?:[\\w:]+::)?operator(?:\\(\\)|\\s*[^\\s(]+)|[\\w:~]+)\\s*\\("_s);
    const auto match = name.match(head);
    return match.hasMatch() ? match.captured(1) : head.left(40);
}

int Scope::parameterCount() const
{
    const QString parameters = parametersOf(head).value_or(QString());
    if (parameters.isEmpty() || parameters == u"void") {
        return 0;
    }
    int depth = 0;
    int count = 1;
    for (const QChar c : parameters) {
        depth += u"(<{["_s.contains(c) ? 1 : 0;
        depth -= u")>}]"_s.contains(c) ? 1 : 0;
        count += c == u',' && depth == 0 ? 1 : 0;
    }
    return count;
}

std::vector<Scope> scanScopes(const QString &bare)
{
    return Scanner(bare).scan();
}

} // namespace delta::architecture
