using NUnit.Framework.Interfaces;
using SpeechGan.Engine;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>Operators are the measure in these tests, and oneDNN computes float32 convolutions wrongly on some processors: it is off
/// meanwhile, as the self-test switches it off in a run there.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class WithoutOneDnnAttribute : NUnitAttribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => LibraryPaths.OfLibtorch().Switch(LibraryPath.OneDnn, false);

    public void AfterTest(ITest test) => LibraryPaths.OfLibtorch().Switch(LibraryPath.OneDnn, true);
}
