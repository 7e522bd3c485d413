using System.Text.RegularExpressions;

namespace SpeechGan.Tests.Unit.Architecture;

/// <summary>A path that a document names in backticks is there, and a section that the PESQ code cites is in its description.</summary>
public sealed partial class DocumentTests
{
    private const string PesqDescription = "docs/pesq-algorithm.md";

    private static readonly string[] Folders = ["src", "tests", "golden", "docs", "tools", ".ci"];

    private static IEnumerable<string> Documents() =>
        [
            .. new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", Path.Combine("tools", "README.md") }.Where(f =>
                File.Exists(Repository.PathOf(f))
            ),
            .. Directory
                .GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Root, f)),
            .. Directory
                .GetFiles(Repository.PathOf("golden"), "README.md", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Repository.Root, f)),
        ];

    [TestCaseSource(nameof(Documents))]
    public void Every_path_a_document_names_exists(string document)
    {
        var paths = Paths(File.ReadAllText(Repository.PathOf(document)));
        TestContext.Out.WriteLine($"{document}: {string.Join(", ", paths)}");
        paths.Where(p => !Exists(p)).Should().BeEmpty();
    }

    [Test]
    public void Paths_are_told_from_other_words()
    {
        Paths(
                "`src/SpeechGan/Data`, `tools/make-corpus` (runs `tools/CorpusMaker out`), `DIR/train`, `a/b`, `docs/data.md`; "
                    + "`README.md` and `data.mixIn=silent`\n```\ncd golden/corpus\n```"
            )
            .Should()
            .Equal("src/SpeechGan/Data", "tools/make-corpus", "tools/CorpusMaker", "docs/data.md", "README.md");
        Exists("tools/make-corpus").Should().BeTrue();
        Exists("tools/make-corpora").Should().BeFalse();
    }

    [Test]
    public void Every_section_that_the_PESQ_code_cites_is_in_its_description()
    {
        HashSet<string> sections = Sections(File.ReadAllText(Repository.PathOf(PesqDescription)));
        sections.Should().Contain(["2.1", "7.12", "9.3", "14.3", "18"]).And.NotContain(["9.4", "22", "7.13"]);
        var cited = PesqSources()
            .SelectMany(f => Citations(File.ReadAllText(f)).Select(section => (Path.GetFileName(f), section)))
            .ToList();
        TestContext.Out.WriteLine($"{cited.Count} citations of {sections.Count} sections and rules");
        cited.Should().NotBeEmpty();
        cited.Where(c => !sections.Contains(c.section)).Should().BeEmpty();
    }

    [Test]
    public void A_PESQ_source_that_cites_sections_names_the_description()
    {
        string[] citing = [.. PesqSources().Where(f => Citations(File.ReadAllText(f)).Count > 0)];
        citing.Should().NotBeEmpty();
        citing.Where(f => !File.ReadAllText(f).Contains(PesqDescription, StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Test]
    public void Citations_are_read_across_lines()
    {
        Citations("// Sections 5 and 6 of a\n    /// (section 12.1) or section\n    /// 9.2, step 4; Section 11 to 15, section 3")
            .Should()
            .Equal("5", "6", "12.1", "9.2", "11", "15", "3");
        Sections("## 7 A\n1. x\n12. y\n## 9 B\n### 9.1 C\n").Should().BeEquivalentTo("7", "7.1", "7.12", "9", "9.1");
    }

    private static IEnumerable<string> PesqSources() =>
        [
            .. Directory.GetFiles(Repository.PathOf("src", "SpeechGan", "Metrics", "Pesq"), "*.cs", SearchOption.AllDirectories),
            .. Directory.GetFiles(Repository.PathOf("tests", "Unit", "Metrics"), "Pesq*.cs"),
        ];

    private static List<string> Citations(string source) =>
        [.. Citation().Matches(CommentBreak().Replace(source, " ")).SelectMany(m => Number().Matches(m.Value).Select(n => n.Value))];

    // Headings, and the numbered rules under them: rule 3 of section 7 is 7.3.
    private static HashSet<string> Sections(string document)
    {
        HashSet<string> sections = [];
        string section = "";
        foreach (string line in document.Split('\n'))
        {
            if (Heading().Match(line) is { Success: true } heading)
                sections.Add(section = heading.Groups[1].Value);
            else if (Rule().Match(line) is { Success: true } rule)
                sections.Add($"{section}.{rule.Groups[1].Value}");
        }

        return sections;
    }

    // The first word of what stands in backticks, where it begins with a folder of the repository or is a document of its root.
    private static List<string> Paths(string text) =>
        [
            .. Code()
                .Matches(Fence().Replace(text, ""))
                .Select(m => m.Groups[1].Value.Split(' ')[0].TrimEnd('/', '.', ','))
                .Select(p => p.StartsWith("./", StringComparison.Ordinal) ? p[2..] : p)
                .Where(p => !p.Contains('*', StringComparison.Ordinal) && !p.Contains('{', StringComparison.Ordinal))
                .Where(p =>
                    Folders.Any(f => p.StartsWith(f + "/", StringComparison.Ordinal))
                    || (!p.Contains('/', StringComparison.Ordinal) && RootFile().IsMatch(p))
                )
                .Distinct(),
        ];

    private static bool Exists(string path) => Path.Exists(Repository.PathOf(path));

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^[A-Z][A-Za-z.]*\.(md|props|sln)$")]
    private static partial Regex RootFile();

    [GeneratedRegex(@"\n\s*///? ?")]
    private static partial Regex CommentBreak();

    [GeneratedRegex(@"\b[Ss]ections?\s+\d+(\.\d+)?(\s+(and|to)\s+\d+(\.\d+)?)*")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"^##+ (\d+(?:\.\d+)?) ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(\d+)\. ")]
    private static partial Regex Rule();
}
