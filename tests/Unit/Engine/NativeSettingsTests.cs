using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Engine;

/// <summary>What must hold in the process before libtorch is loaded, and what is said where it cannot be loaded.</summary>
internal sealed partial class NativeSettingsTests
{
    [RequiresTensorEngine]
    [TestCase("OMP_WAIT_POLICY", "passive")]
    [TestCase("OPENBLAS_NUM_THREADS", "1")]
    public void A_setting_reaches_libc_before_libtorch_is_loaded(string name, string value)
    {
        _ = get_num_threads();
        var found = Marshal.PtrToStringUTF8(getenv(name));
        // The variable of the process's environment, where there is one, is respected.
        found.Should().Be(Environment.GetEnvironmentVariable(name) ?? value);
    }

    [Test]
    public void A_missing_engine_says_where_it_was_looked_for_and_what_to_do()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"no-engine-{Guid.NewGuid():n}");
        FluentActions.Invoking(() => NativeLibraries.LoadFrom([folder])).Should().Throw<DllNotFoundException>()
            .WithMessage($"The tensor engine could not be loaded: {folder}/libspeechgan_torch.so: not there. Run tools/set-up * or set SPEECHGAN_NATIVE *");
    }

    [Test]
    public void A_damaged_engine_is_named_with_the_loader_s_words()
    {
        var folder = Directory.CreateTempSubdirectory("damaged-engine-").FullName;
        File.WriteAllText(Path.Combine(folder, "libspeechgan_boot.so"), "no library");
        File.WriteAllText(Path.Combine(folder, "libspeechgan_torch.so"), "no library");
        try
        {
            FluentActions.Invoking(() => NativeLibraries.LoadFrom([folder, folder + "-none"])).Should().Throw<DllNotFoundException>()
                .WithMessage($"*{folder}/libspeechgan_torch.so: *; {folder}-none/libspeechgan_torch.so: not there. Run tools/set-up*");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_folder_of_one_s_choice_is_looked_in_first()
    {
        NativeLibraries.Folders("/somewhere").First().Should().Be("/somewhere");
        NativeLibraries.Folders("").First().Should().NotBeEmpty();
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);
}
