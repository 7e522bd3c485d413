using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>What version a libtorch is of, and whether TorchSharp's calls fit it.</summary>
public sealed class LibtorchVersionTests
{
    [TestCase("2.10.0", true)]
    [TestCase("2.10.1+cu128", true)]
    [TestCase("2.10", true)]
    [TestCase("2.1.0", false)]
    [TestCase("2.100.0", false)]
    [TestCase("2.9.1", false)]
    [TestCase("1.13.0", false)]
    [TestCase("unknown", false)]
    [TestCase(null, false)]
    public void Major_and_minor_decide(string? found, bool fits) => LibtorchVersion.Fits(found, "2.10.0").Should().Be(fits);

    [Test]
    public void The_library_s_number_holds_a_byte_each() => LibtorchVersion.OfNumber(0x020A_0100_0000_0000).Should().Be("2.10.1");

    [TestCase(
        "version.py",
        "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '2.9.1+cu128'\ncuda: Optional[str] = '12.8'\n",
        "2.9.1+cu128"
    )]
    [TestCase("build-version", "2.10.0+cpu\n", "2.10.0+cpu")]
    [TestCase("other", "2.10.0", null)]
    public void The_folder_tells_it(string file, string text, string? version)
    {
        var home = Directory.CreateTempSubdirectory("speechgan-version-").FullName;
        File.WriteAllText(Path.Combine(home, file), text);
        LibtorchVersion.OfFolder(home).Should().Be(version);
        Directory.Delete(home, recursive: true);
    }

    [Test]
    [RequiresTensorEngine]
    public void The_program_s_own_is_of_the_version_that_TorchSharp_was_made_for()
    {
        var loaded = Libtorch.Require();
        TorchSharp.torch.__version__.Should().StartWith(Libtorch.Expected, "Directory.Packages.props names both");
        LibtorchVersion.Fits(loaded.Version, TorchSharp.torch.__version__).Should().BeTrue();
    }
}
