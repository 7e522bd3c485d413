using System.Text.Json;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>The packages that `doctor` lists are those that the program was resolved to.</summary>
public sealed class BuiltPackageTests
{
    [Test]
    public void Every_package_of_the_program_is_listed_with_its_version_and_licence()
    {
        using var dependencies = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "SpeechGan.deps.json"))
        );
        string[] resolved =
        [
            .. dependencies
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(l => l.Value.GetProperty("type").GetString() == "package")
                .Select(l => l.Name),
        ];
        var listed = BuiltPackage.All();
        resolved.Should().NotBeEmpty();
        listed.Select(p => $"{p.Name}/{p.Version}").Should().Contain(resolved).And.OnlyHaveUniqueItems();
        listed.Should().OnlyContain(p => p.Licence.Length > 0 && !p.Licence.Contains("not said", StringComparison.Ordinal));
        listed.Single(p => p.Name == "NAudio.Core").Should().Be(new BuiltPackage("NAudio.Core", "3.3.0", "MIT"));
    }
}
