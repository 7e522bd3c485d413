using System.Runtime.InteropServices;
using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Engine;

[RequiresTensorEngine]
public sealed class LibraryPathsTests
{
    [Test]
    public void A_path_is_as_it_was_switched([Values] LibraryPath path)
    {
        var paths = LibraryPaths.OfLibtorch();
        if (paths.IsOn(path) is not { } before)
        {
            Assert.Ignore("this libtorch exports no such calls");
            return;
        }
        foreach (var on in new[] { false, true, false })
        {
            paths.Switch(path, on).Should().BeTrue();
            LibraryPaths.OfLibtorch().IsOn(path).Should().Be(on, "it holds for the process");
        }
        paths.Switch(path, before);
    }

    [Test]
    public void A_library_without_the_calls_says_that_nothing_is_switched([Values] bool another)
    {
        // A library that is surely loaded, and none at all.
        var library = IntPtr.Zero;
        var system =
            OperatingSystem.IsWindows() ? "kernel32.dll"
            : OperatingSystem.IsMacOS() ? "libSystem.dylib"
            : "libc.so.6";
        if (another)
            library = NativeLibrary.Load(system);
        var paths = LibraryPaths.Of(library);
        paths.IsOn(LibraryPath.OneDnn).Should().BeNull();
        paths.Switch(LibraryPath.OneDnn, false).Should().BeFalse();
        paths.Switch(LibraryPath.Nnpack, false).Should().BeFalse();
    }
}
