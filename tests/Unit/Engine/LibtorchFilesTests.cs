using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>
/// A libtorch whose files are missing or damaged is refused in a sentence, before the system's loader ends the process over it.
/// </summary>
[Platform("Linux")]
[RequiresTensorEngine]
public sealed class LibtorchFilesTests
{
    private string home = "";

    private string Lib => Path.Combine(home, "lib");

    [SetUp]
    public void Link_the_program_s_own()
    {
        home = Directory.CreateTempSubdirectory("speechgan-files-").FullName;
        Directory.CreateDirectory(Lib);
        foreach (var file in Directory.GetFiles(Libtorch.Require().Folder))
            File.CreateSymbolicLink(Path.Combine(Lib, Path.GetFileName(file)), file);
    }

    [TearDown]
    public void Remove() => Directory.Delete(home, recursive: true);

    [TestCase("libc10.so")]
    [TestCase("libtorch_cpu.so")]
    [TestCase("libtorch.so")]
    public void A_missing_library_is_named(string name)
    {
        File.Delete(Path.Combine(Lib, name));
        Refused(
            $"libtorch is incomplete: '{Lib}/{name}' is missing. Reinstall that libtorch, or unset TORCH_HOME to use the one that this "
                + $"program brings."
        );
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(64)]
    [TestCase(5000)]
    [TestCase(1_000_000)]
    [TestCase(-1)]
    public void A_library_that_is_cut_off_is_named_with_its_length(long length)
    {
        var path = Path.Combine(Lib, "libc10.so");
        var whole = File.ReadAllBytes(path);
        var left = length < 0 ? whole.Length - 4096 : length;
        Replace("libc10.so", whole.AsSpan(0, (int)left));
        Refused($"libtorch is damaged: '{path}' is truncated ({left} bytes of at least *). *");
    }

    // The offset of the segments: negative, and far beyond the file.
    [TestCase(-1L)]
    [TestCase(long.MaxValue)]
    [TestCase(1L << 40)]
    public void A_header_that_points_anywhere_is_damage_in_a_sentence(long segments)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Lib, "libc10.so"));
        BitConverter.TryWriteBytes(bytes.AsSpan(0x20), segments);
        Replace("libc10.so", bytes);
        Refused($"libtorch *'{Lib}/libc10.so'*Reinstall that libtorch, *");
    }

    [Test]
    public void A_file_that_is_no_library_is_named()
    {
        Replace("libc10.so", "#!/bin/sh\n"u8);
        Refused($"libtorch is damaged: '{Lib}/libc10.so' is not a 64-bit ELF library. *");
    }

    [Test]
    public void What_the_loader_refuses_is_told_in_its_words()
    {
        // A whole ELF file of another processor.
        var bytes = File.ReadAllBytes(Path.Combine(Lib, "libc10.so"));
        bytes[0x12] = 0xB7;
        Replace("libc10.so", bytes);
        Refused($"libtorch's '{Lib}/libc10.so' cannot be loaded: *. Reinstall that libtorch, *");
    }

    [Test]
    public void A_TorchSharp_that_does_not_fit_is_told_in_the_loader_s_words()
    {
        File.WriteAllText(Path.Combine(home, "libLibTorchSharp.so"), "no library");
        FluentActions
            .Invoking(() => LibtorchFiles.LoadTorchSharp(new LibtorchPlace(home, Lib, "TORCH_HOME", IsPackaged: false), home))
            .Should()
            .Throw<EngineException>()
            .WithMessage(
                $"TorchSharp's '{home}/libLibTorchSharp.so' cannot be loaded with the libtorch in '{Lib}': *. Reinstall that libtorch, "
                    + $"or unset TORCH_HOME *"
            );
    }

    [Test]
    public void The_program_s_own_is_restored_and_not_unset() =>
        LibtorchFiles
            .Remedy(new LibtorchPlace("a", "a/lib", "the program's own", IsPackaged: true))
            .Should()
            .StartWith("Restore and build again");

    private void Refused(string sentence) =>
        FluentActions
            .Invoking(() => LibtorchFiles.Load(new LibtorchPlace(home, Lib, "TORCH_HOME", IsPackaged: false)))
            .Should()
            .Throw<EngineException>()
            .WithMessage(sentence);

    private void Replace(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(Lib, name);
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }
}
