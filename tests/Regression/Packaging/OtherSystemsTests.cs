namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>The program builds for the systems that nobody runs it on here, with their libtorch in the packages' own places.</summary>
public sealed class OtherSystemsTests
{
    [TestCase("win-x64", "SpeechGan.exe", "LibTorchSharp.dll", "torch_cpu.dll")]
    [TestCase("osx-arm64", "SpeechGan", "libLibTorchSharp.dylib", "libtorch_cpu.dylib")]
    public void The_program_builds_for(string system, string program, string torchSharp, string libtorch)
    {
        // Artifacts of their own: the tree's obj folders stay as they are.
        var artifacts = Directory.CreateTempSubdirectory("speechgan-other-").FullName;
        try
        {
            // Analyzers have seen the sources already.
            var (code, said) = Sdk.Run(
                "build",
                "src/SpeechGan",
                "-c",
                "Release",
                "-r",
                system,
                "--artifacts-path",
                artifacts,
                "--nologo",
                "--disable-build-servers",
                "-v",
                "quiet",
                "-p:RunAnalyzers=false"
            );
            // NU1301: no source of packages answers.
            if (code != 0 && said.Contains("NU1301", StringComparison.Ordinal))
                Assert.Ignore($"the packages for {system} cannot be restored: no package source can be reached");
            code.Should().Be(0, said);
            var files = Directory
                .GetFiles(Path.Combine(artifacts, "bin"), "*", SearchOption.AllDirectories)
                .Select(f => Path.GetFileName(f))
                .ToList();
            files.Should().Contain([program, torchSharp, libtorch]).And.NotContain("libLibTorchSharp.so");
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }
}
