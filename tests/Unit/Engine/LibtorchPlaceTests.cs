using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>Which libtorch serves, by what the environment says.</summary>
[Platform("Linux")]
public sealed class LibtorchPlaceTests
{
    private string root = "";

    private string Program => Path.Combine(root, "program");

    [SetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("speechgan-place-").FullName;
        foreach (var folder in new[] { "program/libtorch/lib", "home/lib", "python/torch/lib", "bare" })
            Directory.CreateDirectory(Path.Combine(root, folder));
    }

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void The_program_s_own_serves_where_nothing_is_said() =>
        Choose()
            .Should()
            .Be(
                new LibtorchPlace(
                    Path.Combine(Program, "libtorch"),
                    Path.Combine(Program, "libtorch/lib"),
                    "the program's own",
                    IsPackaged: true
                )
            );

    [Test]
    public void Python_s_torch_is_never_taken_unasked()
    {
        LibtorchPlace
            .Choose(_ => null, Program, () => throw new InvalidOperationException("python was asked"))!
            .IsPackaged.Should()
            .BeTrue();
        Choose(("SPEECHGAN_TORCH", "package"))!.IsPackaged.Should().BeTrue();
    }

    [Test]
    public void Python_s_torch_serves_when_it_is_asked_for() =>
        Choose(("SPEECHGAN_TORCH", "python"))
            .Should()
            .Be(
                new LibtorchPlace(
                    Path.Combine(root, "python/torch"),
                    Path.Combine(root, "python/torch/lib"),
                    "SPEECHGAN_TORCH=python",
                    IsPackaged: false
                )
            );

    [Test]
    public void Torch_home_goes_before_python_and_the_program_s_own() =>
        Choose(("TORCH_HOME", Path.Combine(root, "home")), ("SPEECHGAN_TORCH", "python"))
            .Should()
            .Be(new LibtorchPlace(Path.Combine(root, "home"), Path.Combine(root, "home/lib"), "TORCH_HOME", IsPackaged: false));

    [Test]
    public void Packages_files_beside_the_program_are_left_to_TorchSharp()
    {
        Directory.Delete(Path.Combine(Program, "libtorch"), recursive: true);
        Choose().Should().BeNull();
    }

    [TestCase(
        "TORCH_HOME",
        "{root}/none",
        "TORCH_HOME is '{root}/none', which is not a folder. Correct it, or unset it to use the libtorch that this program brings."
    )]
    [TestCase(
        "TORCH_HOME",
        "{root}/bare",
        "TORCH_HOME is '{root}/bare', which has no lib/: it is not a libtorch folder. Correct it, or unset it to use the libtorch "
            + "that this program brings."
    )]
    [TestCase(
        "SPEECHGAN_TORCH",
        "pyton",
        "SPEECHGAN_TORCH is 'pyton'; allowed are python (python3's torch package) and package (the libtorch that this program brings, "
            + "the default). For a folder set TORCH_HOME."
    )]
    public void What_is_no_libtorch_is_refused_with_the_way_out(string variable, string value, string sentence) =>
        FluentActions.Invoking(() => Choose((variable, Fill(value)))).Should().Throw<EngineException>().WithMessage(Fill(sentence));

    [Test]
    public void Python_without_torch_is_refused_with_the_way_to_get_it() =>
        FluentActions
            .Invoking(() => LibtorchPlace.Choose(n => n == "SPEECHGAN_TORCH" ? "python" : null, Program, () => null))
            .Should()
            .Throw<EngineException>()
            .WithMessage(
                "SPEECHGAN_TORCH is 'python', but python3 has no torch package (python3 -c 'import torch' says more). Install it (pip "
                    + "install torch), name its folder in TORCH_HOME, or unset SPEECHGAN_TORCH."
            );

    [Test]
    public void Another_libtorch_is_refused_where_one_lies_beside_the_program()
    {
        File.WriteAllText(Path.Combine(Program, "libtorch_cpu.so"), "");
        FluentActions
            .Invoking(() => Choose(("TORCH_HOME", Path.Combine(root, "home"))))
            .Should()
            .Throw<EngineException>()
            .WithMessage(
                $"TORCH_HOME asks for another libtorch, but this program was built with one beside it ({Program}), which TorchSharp "
                    + $"takes first. *"
            );
    }

    private LibtorchPlace? Choose(params (string Name, string Value)[] environment) =>
        LibtorchPlace.Choose(n => environment.FirstOrDefault(e => e.Name == n).Value, Program, () => Path.Combine(root, "python/torch"));

    private string Fill(string text) => text.Replace("{root}", root, StringComparison.Ordinal);
}
