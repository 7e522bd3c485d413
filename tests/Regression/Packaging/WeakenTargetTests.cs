using System.Reflection;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>The build step that weakens a version need (tools/msbuild): MSBuild itself, on good and on damaged files.</summary>
[Platform("Linux")]
public sealed class WeakenTargetTests
{
    private const string Need = "GLIBCXX_3.4.32";

    private string root = "",
        output = "";

    private string Copy => Path.Combine(root, "obj", "copy.so");

    [OneTimeSetUp]
    public void Run_all_cases_in_one_build()
    {
        root = Directory.CreateTempSubdirectory("speechgan-weaken-").FullName;
        var original = Original();
        File.WriteAllText(
            Path.Combine(root, "text.so"),
            "#!/bin/sh\necho this is no library, whatever its name says; it is long enough for a header\n"
        );
        File.WriteAllBytes(Path.Combine(root, "cut.so"), File.ReadAllBytes(original)[..300_000]);
        File.WriteAllText(Path.Combine(root, "file"), "");
        File.WriteAllText(
            Path.Combine(root, "cases.proj"),
            $"""
            <Project>
              <Import Project="{Repository.PathOf("tools", "msbuild", "WeakenTorchSharp.targets")}" />
              <Target Name="Cases">
                {Case(original, Copy, Need)}
                {Case(original, Copy, Need)}
                {Case(Copy, "again.so", Need)}
                {Case("text.so", "a.so", Need)}
                {Case("cut.so", "b.so", Need)}
                {Case(original, "c.so", "GLIBCXX_3.4.99")}
                {Case(original, "d.so", "GLIBCXX_3.4.30")}
                {Case(original, "file/e.so", Need)}
                {Case("absent.so", "f.so", Need)}
              </Target>
            </Project>
            """
        );
        output = Sdk.Run("msbuild", Path.Combine(root, "cases.proj"), "-t:Cases", "-v:normal").Output;

        static string Case(string source, string target, string version) =>
            $"""<WeakenElfVersion Source="{source}" Target="{target}" Version="{version}" ContinueOnError="ErrorAndContinue" />""";
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void The_copy_is_there_under_its_name_alone_also_where_another_build_was_first()
    {
        Directory.GetFiles(Path.GetDirectoryName(Copy)!).Should().Equal(Copy);
        byte[] copy = File.ReadAllBytes(Copy),
            original = File.ReadAllBytes(Original());
        Enumerable.Range(0, copy.Length).Count(i => copy[i] != original[i]).Should().Be(1);
    }

    [TestCase(
        "SPEECHGAN001",
        "'text.so' is no 64-bit little-endian ELF file. Remove its package from the package cache and restore again."
    )]
    [TestCase("SPEECHGAN001", "'cut.so' is truncated or not an ELF file. Remove its package from the package cache and restore again.")]
    [TestCase(
        "SPEECHGAN002",
        "' asks for GLIBCXX_3.4.99 in 0 places; expected one that is not weak. If this version of the package runs on Debian 12 and "
            + "Ubuntu 22.04 as it is, drop tools/msbuild/WeakenTorchSharp.targets; if it asks for another version there, name that one "
            + "in it."
    )]
    [TestCase("SPEECHGAN002", "copy.so' asks for GLIBCXX_3.4.32 in 1 places, weakly; expected one that is not weak.")]
    [TestCase(
        "SPEECHGAN003",
        " symbols of GLIBCXX_3.4.30, so that it cannot run without that version: a weak need would only move the failure."
    )]
    [TestCase("SPEECHGAN004", "could not be copied to 'file/e.so'")]
    [TestCase("SPEECHGAN004", "'absent.so' could not be copied to 'f.so'")]
    public void A_failure_is_a_sentence_with_a_code(string code, string sentence) =>
        output
            .Split('\n')
            .Should()
            .Contain(l => l.Contains($"error {code}: ", StringComparison.Ordinal) && l.Contains(sentence, StringComparison.Ordinal));

    [Test]
    public void Nothing_is_written_where_it_failed() =>
        Directory.GetFiles(root).Select(Path.GetFileName).Should().BeEquivalentTo("cases.proj", "text.so", "cut.so", "file");

    private static string Original()
    {
        var packages = typeof(WeakenTargetTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot")
            .Value!;
        var version = typeof(TorchSharp.torch)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        var path = Path.Combine(packages, "torchsharp", version, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        if (!File.Exists(path))
            Assert.Ignore($"the package that this was built from is not at '{path}' any more");
        return path;
    }
}
